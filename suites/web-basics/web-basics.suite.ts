/** The tutorial "StatefulSet Basics", section by section in its order; each with the broken variants that must turn its claims red. */
import './creating/creating.ts';
import './creating/controls.ts';
import './identity/identity.ts';
import './identity/controls.ts';
import './storage/storage.ts';
import './storage/controls.ts';
import './scaling.ts';
import './updating/updating.ts';
import './deleting/deleting.ts';
