/** "Example: Deploying WordPress and MySQL with Persistent Volumes", from its kustomization to a site that outlives its Pods. */
import './kustomizing.ts';
import './living.ts';
import './moving.ts';
import './controls.ts';
