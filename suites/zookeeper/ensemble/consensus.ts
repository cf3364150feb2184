import { claim, describe, podManagementPolicy, replicas, story } from '../../../harness/test.ts';
import { dnsNamesStayTheSame } from '../../../harness/guarantees/dns.ts';
import { allServersCrashTogether, snapshotsAreTaken } from '../../../harness/guarantees/durable.ts';
import { exactlyOneServerLeads } from '../../../harness/guarantees/ensembles.ts';
import { eachRequestIsAnswered } from '../../../harness/guarantees/exchanges.ts';
import { noAcknowledgedWriteIsLost } from '../../../harness/guarantees/ledger.ts';
import {
  aQuorumAcknowledges,
  aServerAloneAcknowledgesNothing,
  nothingIsWrittenBeforeTheElection,
} from '../../../harness/guarantees/quorum.ts';
import { noReaderGoesBack, theWatchTells } from '../../../harness/guarantees/replication.ts';
import type { Span } from '../../../harness/guarantees/guarantee.ts';
import type { Asked } from '../../../harness/guarantees/settled.ts';
import { asWritten, ordinals, servers, zookeeper } from '../zookeeper.ts';
import { moments as atWork, clientsAtWork, turns, values } from './clients.ts';
import { snapshotsOften } from '../variants.ts';
import { ledger, moments, serversComeAndGo } from './losing.ts';

export const losing = story(
  'servers join, are lost and come back while a client writes',
  { places: 2, minutes: 4 },
  serversComeAndGo(zookeeper(replicas(1), podManagementPolicy('Parallel'), snapshotsOften())),
);

const atWorkStory = story(
  'clients watch, make a tree and set values in order',
  { places: 2 },
  clientsAtWork(zookeeper(podManagementPolicy('Parallel'))),
);

describe('Facilitating leader election', () => {
  claim('zk.a-records-follow-reschedule', losing, ({ zone, before, back, stays }) =>
    itIsFoundAgain({ zone, before, back, stays }),
  );
});

describe('Achieving consensus', () => {
  claim('zk.commit-needs-quorum', losing, ({ three, two, alone, restored }) =>
    commitsNeedAQuorum({ three, two, alone, restored }),
  );
  claim('zk.no-false-ack', losing, () => nothingAcknowledgedIsLost);
});

describe('ZooKeeper', () => {
  claim('zk.no-write-before-election', losing, ({ three }) => nothingIsWrittenBeforeTheElection({ to: three.to }));
  claim('zk.snapshots-on-volume', losing, ({ snapshots }) => snapshotsComeWithWrites(snapshots));
  claim('zk.crash-recovery', losing, ({ crash }) => theyRecover(crash));
  claim('zk.watch-observes-updates', atWorkStory, () => theWatchIsTold);
  claim('zk.hierarchy', atWorkStory, () => theTreeIsKept);
  claim('zk.order-sampled', atWorkStory, () => orderIsSampled);
});

export function theyRecover(crash: Span) {
  return [allServersCrashTogether(asWritten, ordinals, crash), nothingAcknowledgedIsLost] as const;
}

export const nothingAcknowledgedIsLost = noAcknowledgedWriteIsLost({ ledger, moment: moments.end, servers });

export function commitsNeedAQuorum({
  three,
  two,
  alone,
  restored,
}: Record<'three' | 'two' | 'alone' | 'restored', Asked>) {
  return [
    aQuorumAcknowledges(asWritten, ordinals, three),
    aQuorumAcknowledges(asWritten, [0, 1], two),
    aServerAloneAcknowledgesNothing(asWritten, 0, alone),
    aQuorumAcknowledges(asWritten, ordinals, restored),
  ] as const;
}

export function snapshotsComeWithWrites(span: Span) {
  const looks = { before: moments.unwritten, after: moments.written };
  return snapshotsAreTaken(asWritten, ordinals, '/data/version-2', looks, span);
}

export function itIsFoundAgain({
  zone,
  before,
  back,
  stays,
}: {
  zone: string;
  before: Asked;
  back: Asked;
  stays: Asked;
}) {
  return [
    dnsNamesStayTheSame(asWritten, [1], { name: 'server', port: 2888 }, zone, { before, after: back }),
    exactlyOneServerLeads(asWritten, ordinals, [back, stays]),
  ] as const;
}

export const theWatchIsTold = theWatchTells('/watched', 'two', {
  moment: atWork.watching,
  watcher: 'zk-1',
  writer: 'zk-0',
});

export const theTreeIsKept = eachRequestIsAnswered(atWork.tree, [
  { target: 'zk-0', request: 'create /parent', status: 'succeeded' },
  { target: 'zk-0', request: 'create /parent/child', status: 'succeeded' },
  { target: 'zk-1', request: 'children of /parent', status: 'succeeded', answer: ['child'] },
  { target: 'zk-0', request: 'create /nobody/child', status: 'failed', code: 'NO_NODE' },
  { target: 'zk-0', request: 'delete /parent', status: 'failed', code: 'NOT_EMPTY' },
]);

/** No value is read after one that was set later, whoever names a version that has passed sets nothing, and of steps that cannot all be taken none is. */
export const orderIsSampled = [
  noReaderGoesBack('/sequence', values, { moment: atWork.sequence, writer: 'zk-0', readers: servers }),
  eachRequestIsAnswered(
    atWork.sequence,
    turns.map(({ late, version }) => ({
      target: 'zk-1',
      request: `set /sequence ${late} of version ${version}`,
      status: 'failed',
      code: 'BAD_VERSION',
    })),
  ),
  eachRequestIsAnswered(atWork.tree, [
    {
      target: 'zk-0',
      request: 'together: create /parent/other other, remove /nobody',
      status: 'failed',
      code: 'NO_NODE',
    },
    { target: 'zk-1', request: 'exists /parent/other', status: 'succeeded', answer: null },
  ]),
] as const;
