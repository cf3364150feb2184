/** The tutorial "StatefulSet Basics", section by section in its order; each with the broken variants that must turn its claims red. */
import './creating.ts';
import './creating-controls.ts';
import './identity.ts';
import './identity-controls.ts';
import './storage.ts';
import './storage-controls.ts';
import './scaling.ts';
import './updating.ts';
import './deleting.ts';
