/** The tutorial "StatefulSet Basics" on Parallel Pod management and on cleaning up, section by section in its order. */
import './policy.ts';
import './scaling.ts';
import './updating.ts';
import './cleaning.ts';
