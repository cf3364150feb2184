import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import { textOf } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { byName, type Lab } from './lab.ts';
import type { FollowedPodLog } from './verbs.ts';

/**
 * Follows the log of a Pod's container as it is written, from its beginning: once the Pod is gone nobody can read it any more. Resolves when the log is open. It is recorded as one
 * `log` observation by `ends`, when the server has closed it, which it does once the container has ended, or when its time is over.
 */
export async function followLog(lab: Lab, moment: string, pod: string): Promise<FollowedPodLog> {
  const uid = byName(lab.recording, 'pods').get(pod)?.metadata.uid;
  if (uid === undefined) throw new RunError(`${pod} is not there`);
  const letGo = new AbortController();
  const signal = AbortSignal.any([lab.signal, letGo.signal]);
  const target = { resource: 'pods', namespace: lab.namespace, name: pod, subresource: 'log' } as const;
  const { code, body } = await lab.kube.stream({ target, query: { follow: true }, signal });
  if (code >= 400) throw new ApiError('GET', `pods/${pod}/log`, { code, body: await textOf(body) });
  const openedAtIndex = lab.recording.entries.length - 1;
  const reading = readToItsEnd(body);
  return {
    ends: async () => {
      const tired = new AbortController();
      const late = pause(deadlines.podGoneMs, 'late', { signal: AbortSignal.any([lab.signal, tired.signal]) });
      await Promise.race([reading, late]).finally(() => tired.abort());
      letGo.abort(new RunError('nobody waits for the rest of the log any more'));
      lab.recording.append({ kind: 'observation', of: 'log', moment, pod, uid, openedAtIndex, ...(await reading) });
    },
  };
}

/** What was read, and whether it was all. A stream that breaks, or is let go, has no end. */
async function readToItsEnd(body: Readable): Promise<{ readonly text: string; readonly ended: boolean }> {
  const chunks: Buffer[] = [];
  let ended = false;
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
    ended = true;
  } catch {
    // What came until then is kept.
  }
  return { text: Buffer.concat(chunks).toString('utf8'), ended };
}
