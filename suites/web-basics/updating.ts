import './strategies.ts';
import './rolling.ts';
import './partitions.ts';
import './on-delete.ts';
import './updating-controls.ts';
