import './retaining.ts';
import './owning.ts';
import './protecting.ts';
import './reclaiming.ts';
import './binding.ts';
