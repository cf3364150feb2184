import type { StatefulSetHandle, StoryNamespace } from '../../harness/test.ts';
import { servers } from './zookeeper.ts';

/** Asks every server how it is, with each of these words. */
export async function asksServers(
  namespace: StoryNamespace,
  moment: string,
  words: readonly ('srvr' | 'conf' | 'ruok')[],
): Promise<void> {
  const asks = servers.flatMap((pod) => words.map((word) => namespace.clients.zookeeper.asksWord(moment, pod, word)));
  await Promise.all(asks);
}

/** Runs each of these commands in every Pod. */
export async function runsInEach(
  zk: StatefulSetHandle,
  moment: string,
  commands: readonly (readonly string[])[],
): Promise<void> {
  await Promise.all([0, 1, 2].flatMap((ordinal) => commands.map((argv) => zk.runs(moment, ordinal, argv))));
}

/** Reads a node through each of these servers, each brought up to date first. */
export async function readsThroughEach(
  namespace: StoryNamespace,
  moment: string,
  pods: readonly string[],
  path: string,
): Promise<void> {
  const read = async (pod: string): Promise<void> => {
    const session = await namespace.clients.zookeeper.connects(moment, pod);
    await session.catchesUp(moment);
    await session.gets(moment, path);
    await session.close();
  };
  await Promise.all(pods.map(read));
}
