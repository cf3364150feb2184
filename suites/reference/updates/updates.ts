import './rolling.ts';
import './partitions.ts';
import './revisions.ts';
import './status.ts';
import './restart.ts';
