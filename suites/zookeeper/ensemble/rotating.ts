import {
  breaks,
  claim,
  deadlines,
  describe,
  story,
  workloadFrom,
  type Stage,
  type Workload,
} from '../../../harness/test.ts';
import { theLogIsRotated } from '../../../harness/guarantees/logs.ts';

const moment = 'the talker has written all';
const megabyte = 2 ** 20;

/** What kubelet keeps unless it is told otherwise: five files of 10 MiB for each container. */
const kept = { mostFiles: 5, fileBytes: 10 * megabyte } as const;

/** A container writes, and its files on the node are looked at when it has written all. */
const isRetained =
  (talker: Workload) =>
  async ({ namespace }: Stage) => {
    await namespace.applies(talker);
    await namespace.until(
      'the talker to have written all',
      ({ pods }) =>
        (pods.get('talker')?.status?.conditions ?? []).some(
          ({ type, status }) => type === 'Ready' && status === 'True',
        ),
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
  };

const talker = workloadFrom(new URL('../manifests/talker.yaml', import.meta.url));

/** Between two looks of kubelet it writes more than may be kept: what has been rotated last is not compressed before the next one. */
const withoutPause = (workload: Workload): Workload => ({
  ...workload,
  objects: workload.objects.map((object) => {
    const spec = object['spec'] as { readonly containers: readonly { readonly command: readonly string[] }[] };
    const containers = spec.containers.map((container) => ({
      ...container,
      command: container.command.map((word) => word.replace('sleep 10.5', 'true')),
    }));
    return { ...object, spec: { ...spec, containers } };
  }),
  variations: [...workload.variations, 'no pause between the bursts'],
});

const rotated = story('a container writes more than its node keeps', { minutes: 2 }, isRetained(talker));
const hasty = story('a container writes faster than its node looks', isRetained(withoutPause(talker)));

describe('Configuring logging', () => {
  claim('zk.log-rotation', rotated, ({ retention }) => theLogIsRotated(moment, retention));
});

describe('controls', () => {
  breaks('zk.log-rotation', hasty, ({ retention }) => theLogIsRotated(moment, retention));
});
