import './counting.ts';
import './evicting.ts';
import './unhealthy.ts';
import './bypassing.ts';
