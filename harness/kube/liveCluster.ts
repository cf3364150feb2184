import { RunError } from '../errors.ts';
import { type Kube, connect } from './connect.ts';
import { orAbsent } from './errors.ts';

/** For tests on a real cluster: the one that `STEADFAST_KUBECONFIG` and `STEADFAST_CONTEXT` name. */
export function connectFromEnvironment(env: NodeJS.ProcessEnv = process.env): Kube {
  const kubeconfigPath = env['STEADFAST_KUBECONFIG'];
  if (kubeconfigPath !== undefined) return connect({ kubeconfigPath, context: env['STEADFAST_CONTEXT'] });
  throw new RunError('these tests need a cluster', {
    remedy:
      'Set STEADFAST_KUBECONFIG, and STEADFAST_CONTEXT if it is not the current context; `npm run up` makes a cluster.',
  });
}

/** Makes a namespace, lets `act` work in it, and deletes it, whatever happens. */
export async function inNamespace<Result>(kube: Kube, act: (namespace: string) => Promise<Result>): Promise<Result> {
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'steadfast-kube-test-' } };
  const { metadata } = await kube.create({ resource: 'namespaces' }, manifest);
  try {
    return await act(metadata.name);
  } finally {
    await orAbsent(kube.delete({ resource: 'namespaces', name: metadata.name }, { uid: metadata.uid }));
  }
}
