import './orphaning.ts';
import './reapplying.ts';
import './cascading.ts';
