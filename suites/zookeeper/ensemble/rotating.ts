import { claim, deadlines, describe, story, workloadFrom, type Stage } from '../../../harness/test.ts';
import { theLogIsRotated } from '../../../harness/guarantees/logs.ts';

const moment = 'the talker has written all';
const megabyte = 2 ** 20;

/** What kubelet keeps unless it is told otherwise: five files of 10 MiB for each container. */
const kept = { mostFiles: 5, fileBytes: 10 * megabyte } as const;

const rotated = story('a container writes more than its node keeps', async ({ namespace }: Stage) => {
  await namespace.applies(workloadFrom(new URL('../manifests/talker.yaml', import.meta.url)));
  await namespace.until(
    'the talker to have written all',
    ({ pods }) =>
      (pods.get('talker')?.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True'),
    { deadlineMs: deadlines.slowPodReadyMs },
  );
  let node = '';
  await namespace.until(
    'the talker to have a node',
    ({ pods }) => (node = pods.get('talker')?.spec?.nodeName ?? '') !== '',
  );
  const folder = `/var/log/pods/${namespace.name}_talker_*/talker`;
  const argv = ['sh', '-c', `stat -c '%s %n' ${folder}/*`];
  await namespace.looksAtNode(moment, node, argv);
  const log = { resource: 'pods', name: 'talker', subresource: 'log', query: { tailLines: 1 } } as const;
  await namespace.asks(moment, { verb: 'get', ...log });
  return { retention: { pod: 'talker', node: { moment, argv }, written: 7 * 12_000_000, ...kept } };
});

describe('Configuring logging', () => {
  claim('zk.log-rotation', rotated, ({ retention }) => theLogIsRotated(moment, retention));
});
