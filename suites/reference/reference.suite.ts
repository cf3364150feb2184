/** What the reference pages promise beyond the tutorials, by subject; each with the broken variants that must turn its claims red. */
import './pods/pods.ts';
import './api/api.ts';
import './updates/updates.ts';
import './storage/storage.ts';
import './budgets/budgets.ts';
import './nodes/nodes.ts';
