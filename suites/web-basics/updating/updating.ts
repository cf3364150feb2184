import './strategies.ts';
import './rolling.ts';
import './partitions.ts';
import './onDelete.ts';
import './controls.ts';
