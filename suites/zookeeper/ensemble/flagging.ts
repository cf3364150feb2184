import { betweenMarks, claim, describe, emptyDirs, on, replicas, story } from '../../../harness/test.ts';
import { flagsReachTheServers, propertyFollows } from '../../../harness/guarantees/configuration.ts';
import { withFlag } from '../variants.ts';
import { asWritten, files, flags, ordinals, zookeeper } from '../zookeeper.ts';
import { ensemble } from './ensemble.ts';

const change = { property: 'maxClientCnxns', from: '60', to: '61' } as const;

/** One server will do: what is in its file follows from its own flags. */
const flagged = story('a flag of the manifest is changed', async ({ namespace }) => {
  const workload = zookeeper(replicas(1), emptyDirs());
  const zk = await namespace.deploy(workload);
  await zk.becomesReady();
  const reads = (moment: string) =>
    betweenMarks(namespace, moment, () => zk.runs(moment, 0, ['cat', files.configuration]));
  const before = await reads('before the flag is changed');
  const old = zk.uidOf(0);
  await namespace.applies(withFlag('max_client_cnxns', change.to)(workload));
  await zk.podBecomesReady(0, old);
  const after = await reads('after the flag was changed');
  return { before, after };
});

describe('Ensuring consistent configuration', () => {
  claim(
    'zk.zoo-cfg-from-flags',
    on(ensemble, ({ serves }) => flagsReachTheServers(asWritten, ordinals, files.configuration, flags, serves)),
    on(flagged, ({ before, after }) => propertyFollows(asWritten, [0], files.configuration, change, { before, after })),
  );
});
