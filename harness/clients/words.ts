import { connect } from 'node:net';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import { Backoff } from '../kube/backoff.ts';
import { openTunnel } from '../kube/tunnel.ts';
import { exchanged, type Outcome, type Surroundings } from './exchange.ts';

/** What ZooKeeper answers on a plain connection, without a session. `crst` and its like change something and are left out. */
export type FourLetterWord = 'ruok' | 'srvr' | 'stat' | 'conf' | 'mntr' | 'cons' | 'envi';

/** Sends one four-letter word to a server over a connection of its own, and records the whole answer, which may be empty. */
export async function asksWord(
  surroundings: Surroundings,
  moment: string,
  pod: string,
  word: FourLetterWord,
): Promise<Outcome<string>> {
  const asked = { client: 'four-letter word', target: pod, moment, request: word };
  const classify = (error: unknown) => ({ status: 'indeterminate', because: messageOf(error) }) as const;
  return exchanged(surroundings, asked, { deadlineMs: deadlines.exchangeMs, classify }, () =>
    ask(surroundings, pod, word),
  );
}

/**
 * Asks each server for `srvr` until it tells its mode: `imok` is answered before a server serves, so a Ready Pod alone says nothing. Nothing tells when
 * a server begins to serve, so it is asked again and again. Returns whether all of them did before the deadline.
 */
export async function becomeServing(
  surroundings: Surroundings,
  moment: string,
  pods: readonly string[],
): Promise<boolean> {
  const late = AbortSignal.timeout(deadlines.electionMs);
  const signal = AbortSignal.any([surroundings.signal, late]);
  const serving = await Promise.all(pods.map((pod) => becomesServing(surroundings, moment, pod, signal)));
  return serving.every(Boolean);
}

async function becomesServing(
  surroundings: Surroundings,
  moment: string,
  pod: string,
  signal: AbortSignal,
): Promise<boolean> {
  const backoff = new Backoff({ shortestBackoffMs: 200, longestBackoffMs: 1000 }, signal);
  while (!signal.aborted) {
    const outcome = await asksWord(surroundings, moment, pod, 'srvr');
    if (outcome.status === 'succeeded' && /^Mode: /m.test(outcome.answer)) return true;
    await backoff.pause();
  }
  surroundings.signal.throwIfAborted();
  return false;
}

async function ask({ kube, namespace, signal }: Surroundings, pod: string, word: FourLetterWord): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlines.exchangeMs)]);
  const tunnel = await openTunnel(kube, { namespace, pod, port: 2181, signal: limit });
  try {
    const socket = connect(tunnel.port, tunnel.host);
    // Not ended by us: half a connection does not pass through the forward. The server closes it behind its answer.
    socket.write(word);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    if (tunnel.trouble !== undefined) throw tunnel.trouble;
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await tunnel.close();
  }
}
