import { expect, test } from 'vitest';
import type { Observation } from '../history/entries.ts';
import { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';
import { exchanged, type Surroundings } from './exchange.ts';
import { readLedger, startWriter, type LedgerKeeper } from './ledger.ts';

const classify = (error: unknown) =>
  (error as Error).message === 'refused'
    ? ({ status: 'failed', code: 'REFUSED', because: 'refused' } as const)
    : ({ status: 'indeterminate', because: 'lost' } as const);

function surroundings(signal = new AbortController().signal): Surroundings {
  return { kube: {} as Kube, namespace: 'web', recording: new Recording(), signal };
}

/** Servers that keep one ledger together; `disturbs` says what a server does with an identity beside keeping it. */
function keeper(kept: string[], disturbs: (pod: string, identity: string) => Promise<void>): LedgerKeeper {
  return {
    client: 'vector',
    name: '/ledger',
    classify,
    open: (pod) =>
      Promise.resolve({
        add: async (identity) => {
          await disturbs(pod, identity);
          kept.push(identity);
        },
        readAll: () => Promise.resolve(kept),
        close: () => Promise.resolve(),
      }),
  };
}

function seen<Of extends Observation['of']>({ recording }: Surroundings, of: Of) {
  return recording.entries.filter(
    (entry): entry is Extract<Observation, { of: Of }> => entry.kind === 'observation' && entry.of === of,
  );
}

test('each write is invoked and then ends, with an identity of its own', async () => {
  const here = surroundings();
  const kept: string[] = [];
  const undisturbed = keeper(kept, () => Promise.resolve());
  const writer = await startWriter(here, undisturbed, 'meanwhile', ['zk-0', 'zk-1']);
  expect(await writer.goesOn(2)).toBe(true);
  await writer.stop();
  expect(await readLedger(here, undisturbed, 'at the end', 'zk-1')).toMatchObject({ status: 'succeeded' });

  const writes = seen(here, 'write');
  expect(writes.slice(0, 4).map(({ identity, phase }) => `${identity} ${phase}`)).toEqual([
    'ledger-000001 invoked',
    'ledger-000001 succeeded',
    'ledger-000002 invoked',
    'ledger-000002 succeeded',
  ]);
  expect(new Set(writes.map(({ target }) => target))).toEqual(new Set(['zk-0']));
  const [read, ...more] = seen(here, 'read');
  expect(more).toEqual([]);
  expect(read).toMatchObject({ target: 'zk-1', ledger: '/ledger', identities: kept });
  expect(read?.invokedAtIndex).toBeGreaterThanOrEqual(writes.at(-1)?.index ?? Infinity);
});

test('after a write that was not acknowledged the writer turns to the next server and writes it never again', async () => {
  const here = surroundings();
  const disturbed = keeper([], (_, identity) => {
    const trouble = { 'ledger-000002': 'lost', 'ledger-000003': 'refused' }[identity];
    return trouble === undefined ? Promise.resolve() : Promise.reject(new Error(`${trouble}`));
  });
  const writer = await startWriter(here, disturbed, 'meanwhile', ['zk-0', 'zk-1', 'zk-2']);
  expect(await writer.goesOn(1)).toBe(true);
  await writer.stop();
  const ends = seen(here, 'write').filter(({ phase }) => phase !== 'invoked');
  expect(ends.slice(0, 4).map(({ identity, target, phase }) => `${identity} ${target} ${phase}`)).toEqual([
    'ledger-000001 zk-0 succeeded',
    'ledger-000002 zk-0 indeterminate',
    'ledger-000003 zk-1 failed',
    'ledger-000004 zk-2 succeeded',
  ]);
});

test('a writer that gets nothing acknowledged says so, at the beginning as an error, later as an answer', async () => {
  const here = surroundings();
  let isDown = false;
  const failing = keeper([], () => (isDown ? Promise.reject(new Error('refused')) : Promise.resolve()));
  const writer = await startWriter(here, failing, 'meanwhile', ['zk-0']);
  isDown = true;
  // One write may be under way while the server goes down.
  await writer.goesOn(1, { deadlineMs: 50 });
  expect(await writer.goesOn(1, { deadlineMs: 50 })).toBe(false);
  await writer.stop();
});

test('an exchange is recorded with what came of it', async () => {
  const here = surroundings();
  const asked = { client: 'vector', target: 'zk-0', moment: 'now', request: 'get /hello' };
  const options = { deadlineMs: 20, classify };
  await exchanged(here, asked, options, () => Promise.resolve('world'));
  await exchanged(here, asked, options, () => Promise.reject(new Error('refused')));
  await exchanged(here, asked, options, () => new Promise(() => undefined));
  expect(seen(here, 'exchange')).toMatchObject([
    { ...asked, status: 'succeeded', answer: 'world', invokedAtIndex: -1 },
    { ...asked, status: 'failed', code: 'REFUSED', because: 'refused', invokedAtIndex: 0 },
    { ...asked, status: 'indeterminate', because: 'no answer within 0.02 s', invokedAtIndex: 1 },
  ]);
});

test('what is under way ends with the story', async () => {
  const stop = new AbortController();
  const asked = { client: 'vector', target: 'zk-0', moment: 'now', request: 'get /hello' };
  const exchange = exchanged(surroundings(stop.signal), asked, { deadlineMs: 60_000, classify }, () => {
    return new Promise(() => undefined);
  });
  stop.abort(new Error('the run is to stop'));
  await expect(exchange).rejects.toThrow('the run is to stop');
});
