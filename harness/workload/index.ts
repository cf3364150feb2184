export { varied, workloadFrom, type Variation, type Workload } from './workload.ts';
export * from './variations.ts';
export * from './kustomization.ts';
