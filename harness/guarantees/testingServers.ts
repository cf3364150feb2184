import { fence, observed, readied, type Step } from '../history/testing.ts';
import type { Asked } from './settled.ts';

/** What servers answer, for vectors about ensembles. */
export interface Said {
  readonly status?: 'succeeded' | 'failed' | 'indeterminate';
  readonly answer?: unknown;
  readonly code?: string;
  readonly because?: string;
  readonly client?: string;
  readonly moment?: string;
  /** The newest entry when it was asked; by default everything before it. */
  readonly after?: number;
}

/** A server was asked for something, and this is what came of it. */
export function asked(target: string, request: string, said: Said = {}): Step {
  const { status = 'succeeded', client = 'zookeeper', moment = 'now', after = 10_000, ...rest } = said;
  return observed({
    of: 'exchange',
    moment,
    client,
    target,
    request,
    status,
    invokedAtIndex: after,
    beganAtMs: 0,
    ...rest,
  });
}

/** A server's answer to a four-letter word. */
export function word(target: string, request: string, answer: string, moment = 'now'): Step {
  return asked(target, request, { answer, client: 'four-letter word', moment });
}

export function srvr(target: string, mode: string, zxid = '0x100000002', moment = 'now'): Step {
  return word(target, 'srvr', `Zookeeper version: 3.4.10\nZxid: ${zxid}\nMode: ${mode}\nNode count: 4\n`, moment);
}

export const notServing = 'This ZooKeeper instance is not currently serving requests\n';

/** What a command printed in a Pod. */
export function ran(pod: string, argv: readonly string[], stdout: string, { exitCode = 0, moment = 'now' } = {}): Step {
  return observed({ of: 'command', moment, pod, argv, exitCode, stdout, stderr: exitCode === 0 ? '' : 'no such file' });
}

/** Two Ready Pods of the set that stand still while these steps happen at the moment. */
export function settled(...steps: readonly Step[]): readonly Step[] {
  return [readied('web-0'), readied('web-1'), ...atMoment('now', ...steps)];
}

/** Steps between the fences of a moment. */
export function atMoment(moment: string, ...steps: readonly Step[]): readonly Step[] {
  return [fence(`${moment}: begin`), ...steps, fence(`${moment}: end`)];
}

export function askedAt(moment: string): Asked {
  return { moment, from: `${moment}: begin`, to: `${moment}: end` };
}
