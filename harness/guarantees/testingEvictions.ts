import { alive, observed, readied, setReported, type Step } from '../history/testing.ts';

/** Shared pieces of vectors about evictions: the answers to them, and three Ready Pods of a set of three. */
const moment = 'asked';
export const asked = { moment, from: 'before', alive: 'statefulset' } as const;
export const signs = [alive(), alive()] as const;
export const three = [
  setReported('added', { spec: { replicas: 3 } }),
  readied('web-0'),
  readied('web-1'),
  readied('web-2'),
] as const;

export function granted(pod: string): Step {
  return answered(pod, 201, { status: 'Success' });
}

export function refused(pod: string): Step {
  return answered(pod, 429, { details: { causes: [{ reason: 'DisruptionBudget' }] } });
}

export function answered(pod: string, code: number, body: object = {}): Step {
  return observed({ of: 'api', moment, request: `create pods/${pod}/eviction`, code, body });
}
