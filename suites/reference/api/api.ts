import './fields.ts';
import './scale.ts';
import './collection.ts';
