import './availability.ts';
import './ordinals.ts';
import './ownership.ts';
import './recovery.ts';
