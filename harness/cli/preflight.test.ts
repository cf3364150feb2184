import { expect, test } from 'vitest';
import { RunError } from '../errors.ts';
import { connect } from '../kube/connect.ts';
import { preflight, refuseUnsupported } from './preflight.ts';
import { scriptedServer, silence } from './testing/apiServer.ts';

test('a server that takes the connection and never answers is given up in time', async () => {
  const server = await scriptedServer(() => silence);
  const kube = connect({ kubeconfigPath: server.kubeconfig });
  try {
    const asked = preflight(kube, { signal: new AbortController().signal, reachableWithinMs: 200 });
    await expect(asked).rejects.toThrow(RunError);
    await expect(asked).rejects.toThrow('cannot be reached');
  } finally {
    kube.close();
    await server.close();
  }
});

test.each(['v1.31.0', 'v1.34.4', 'v1.36.2', 'v1.33.1+k3s1', 'v1.32.9-eks-113cf36', 'v1.34.1-gke.1829001'])(
  'the version %s is supported',
  (gitVersion) => {
    expect(() => refuseUnsupported(gitVersion)).not.toThrow();
  },
);
