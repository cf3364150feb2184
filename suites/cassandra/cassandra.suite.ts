/** The tutorial "Example: Deploying Cassandra with a StatefulSet", and the broken variants that must turn its claims red. */
import './claims.ts';
import './controls.ts';
