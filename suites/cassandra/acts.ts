import { aboutItself, aboutOthers } from '../../harness/guarantees/cql.ts';
import { askingForTheRing } from '../../harness/guarantees/nodetool.ts';
import type { Asked } from '../../harness/guarantees/settled.ts';
import {
  betweenMarks,
  deadlines,
  patience,
  type RecordedState,
  type StatefulSetHandle,
  type StoryNamespace,
} from '../../harness/test.ts';
import { neighbour, unmatched } from './workloads.ts';

/** The configuration that the server was started with, without its comments. */
export const readingConfiguration: readonly string[] = ['grep', '-vE', '^ *(#|$)', '/etc/cassandra/cassandra.yaml'];

/** The words of the server's command line, one on a line. */
export const readingCommandLine: readonly string[] = ['sh', '-c', `tr '\\0' '\\n' < "/proc/$(pgrep -o java)/cmdline"`];

/** Through a shell, so that a program that is not there has an answer too. */
export const askingForJava: readonly string[] = ['sh', '-c', 'java -version'];
export const askingForRelease: readonly string[] = ['sh', '-c', 'nodetool version'];
export const readingSystem: readonly string[] = ['cat', '/etc/os-release'];

/**
 * Asks every one of these servers for the ring, a few times if they do not agree yet: what one has seen the others hear a little later. The last look is what claims are judged by, whatever it
 * shows.
 */
export async function looksAtRing(
  namespace: StoryNamespace,
  set: StatefulSetHandle,
  ordinals: readonly number[],
  when: string,
  looks = 8,
): Promise<Asked> {
  for (let look = 1; ; look += 1) {
    const moment = `${when}, look ${look}`;
    const views: string[] = [];
    const asked = await betweenMarks(namespace, moment, async () => {
      const asking = ordinals.map((ordinal) => set.runs(moment, ordinal, askingForTheRing));
      views.push(...(await Promise.all(asking)));
    });
    const agree = views.every((view) => (view.match(/^[UD?][NLJM] /gm) ?? []).length === ordinals.length);
    if ((agree && views.every((view) => !/^([D?].|.[LJM]) /m.test(view))) || look === looks) return asked;
  }
}

/** Looks at a Pod that joins, from the first one's point of view, until it is called joining or is Ready. */
export async function looksOnWhileJoining(
  namespace: StoryNamespace,
  set: StatefulSetHandle,
  ordinal: number,
  viewers: readonly number[],
): Promise<readonly Asked[]> {
  const name = `${set.name}-${ordinal}`;
  const isReady = ({ pods }: RecordedState): boolean =>
    pods.get(name)?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  const moments: Asked[] = [];
  for (let look = 1; look <= 40; look += 1) {
    const moment = `${name} joins, look ${look}`;
    const views: string[] = [];
    moments.push(
      await betweenMarks(namespace, moment, async () => {
        for (const viewer of viewers) views.push(await set.runs(moment, viewer, askingForTheRing));
      }),
    );
    if (views.some((view) => /^UJ /m.test(view))) break;
    if (await namespace.sees(`${name} to be Ready`, isReady, { deadlineMs: 2000 })) break;
  }
  return moments;
}

/** Asks each of these servers, as a client does, about itself and about the others. */
export function asksServers(namespace: StoryNamespace, pods: readonly string[], moment: string): Promise<Asked> {
  const { cassandra } = namespace.clients;
  return betweenMarks(namespace, moment, () =>
    Promise.all(
      pods.map(async (pod) => {
        await cassandra.asks(moment, pod, aboutItself);
        await cassandra.asks(moment, pod, aboutOthers);
      }),
    ),
  );
}

/** Runs each of these commands in each of these Pods. */
export function looksInside(
  namespace: StoryNamespace,
  pods: readonly string[],
  moment: string,
  commands: readonly (readonly string[])[],
): Promise<Asked> {
  return betweenMarks(namespace, moment, () =>
    Promise.all(
      pods.map(async (pod) => {
        for (const argv of commands) await namespace.runs(moment, pod, argv);
      }),
    ),
  );
}

/** Every Pod of the namespace that goes by the set's name is gone. */
export async function podsAreGone(namespace: StoryNamespace, name: string): Promise<void> {
  const none = ({ pods }: RecordedState): boolean => ![...pods.keys()].some((pod) => pod.startsWith(`${name}-`));
  await namespace.until(`every Pod of ${name} to be gone`, none, { deadlineMs: deadlines.slowPodsGoneMs });
}

export function podNames(set: { readonly name: string }, ordinals: readonly number[]): [string, ...string[]] {
  const [first = `${set.name}-0`, ...rest] = ordinals.map((ordinal) => `${set.name}-${ordinal}`);
  return [first, ...rest];
}

/** A keyspace and table that no other story has. */
export function newTable(): { readonly keyspace: string; readonly table: string } {
  const keyspace = `steadfast_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  return { keyspace, table: `${keyspace}.rows` };
}

/** The set's first Pod and its claim are there; another claim is made and bound; and what there is, is looked at. */
export async function waitsBesideANeighbour(
  namespace: StoryNamespace,
  set: StatefulSetHandle,
): Promise<{ readonly from: string; readonly to: string }> {
  const claim = `cassandra-data-${set.name}-0`;
  await set.podAppears(0);
  await namespace.until(`the claim ${claim}`, ({ persistentvolumeclaims }) => persistentvolumeclaims.has(claim));
  const named = 'volume.kubernetes.io/storage-provisioner';
  await namespace.sees(
    `the controller to put the provisioner's name on ${claim}`,
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get(claim)?.metadata.annotations?.[named] !== undefined,
    { deadlineMs: patience.reactionMs },
  );
  const from = await namespace.mark('before another claim is made');
  await namespace.applies(unmatched());
  await namespace.applies(neighbour());
  await namespace.until(
    'the other claim to be bound',
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get('neighbour')?.status?.phase === 'Bound',
  );
  const { to } = await namespace.quietly('another claim is bound');
  return { from, to };
}
