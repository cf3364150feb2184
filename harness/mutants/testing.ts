import type { Mutant } from './mutant.ts';

/** A mutant for tests: only what a test is about has to be said. */
export function aMutant(different: Partial<Mutant> = {}): Mutant {
  return {
    id: 'created-on-running',
    component: 'kube-controller-manager',
    module: { path: 'k8s.io/kubernetes', version: 'v1.34.4' },
    file: 'pkg/controller/statefulset/stateful_set_control.go',
    search: 'ready',
    replace: 'running',
    breaks: 'A Pod is created only when its predecessor is Running and Ready.',
    claims: ['web.creation-gated-on-ready'],
    explains: {},
    quick: false,
    from: 'statefulset.yaml',
    ...different,
  };
}
