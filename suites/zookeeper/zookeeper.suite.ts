/** The tutorial "Running ZooKeeper, A Distributed System Coordinator", section by section in its order. */
import './ensemble/ensemble.ts';
import './ensemble/naming.ts';
import './ensemble/consensus.ts';
import './ensemble/storage.ts';
import './ensemble/moving.ts';
import './ensemble/configuring.ts';
import './ensemble/rotating.ts';
import './ensemble/flagging.ts';
import './ensemble/owning.ts';
import './ensemble/controls.ts';
import './updating/updating.ts';
import './updating/controls.ts';
import './failing/failing.ts';
import './failing/controls.ts';
import './maintaining/maintaining.ts';
import './maintaining/controls.ts';
