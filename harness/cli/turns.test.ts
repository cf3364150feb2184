import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { StoryNews } from '../story/protocol.ts';
import { Turns } from '../story/turns.ts';
import { newRunId } from './runId.ts';
import { TurnsServer } from './turns.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(jobs: number) {
  const news: StoryNews[] = [];
  const faults: string[] = [];
  const server = await TurnsServer.open({
    run: newRunId(),
    jobs,
    placesOf: (places) => places,
    onNews: (each) => void news.push(each),
    onFault: (error) => void faults.push(error.message),
  });
  closing.push(() => server.close());
  const worker = async (): Promise<Turns> => {
    const turns = await Turns.open(server.path);
    closing.push(() => turns.close());
    return turns;
  };
  return { server, worker, news, faults };
}

const ask = (story: string, alone = false) => ({ story, alone, places: 1, minutes: 1 });

test('a turn given back goes to the next story, of whichever worker', async () => {
  const { worker } = await opened(1);
  const [one, other] = [await worker(), await worker()];
  const turn = await one.ask(ask('first'));
  const waiting = other.ask(ask('second'));
  turn.end();
  await expect(waiting).resolves.toBeDefined();
});

test('a worker whose connection ends gives all its turns back', async () => {
  const { worker } = await opened(2);
  const [dying, living] = [await worker(), await worker()];
  await dying.ask(ask('a'));
  await dying.ask(ask('b'));
  const waiting = [living.ask(ask('c')), living.ask(ask('d'))];
  dying.close();
  await expect(Promise.all(waiting)).resolves.toHaveLength(2);
});

test('the word to stop aborts the signal and whoever waits, with the reason', async () => {
  const { server, worker } = await opened(1);
  const turns = await worker();
  await turns.ask(ask('told'));
  const waiting = turns.ask(ask('waits'));
  server.stop('interrupted by Ctrl-C');
  await expect(waiting).rejects.toThrow('interrupted by Ctrl-C');
  expect(turns.signal.aborted).toBe(true);
  await expect(turns.ask(ask('too late'))).rejects.toThrow('interrupted by Ctrl-C');
});

test('a worker that comes after the word to stop hears it as well', async () => {
  const { server, worker } = await opened(1);
  server.stop('interrupted by SIGTERM');
  const turns = await worker();
  await expect(turns.ask(ask('late'))).rejects.toThrow('interrupted by SIGTERM');
});

test('stories are given up when the main process is gone', async () => {
  const { server, worker } = await opened(1);
  const turns = await worker();
  await turns.ask(ask('told'));
  const aborted = once(turns.signal, 'abort');
  await server.close();
  await aborted;
  expect((turns.signal.reason as Error).message).toBe('the main process is gone');
});

test('news arrive as they were told', async () => {
  const { worker, news } = await opened(1);
  const turns = await worker();
  const told: StoryNews = { kind: 'story-began', atMs: 1, story: 'ü → “three” replicas' };
  turns.tell(told);
  await turns.ask(ask('after it'));
  expect(news).toEqual([told]);
});

test('what cannot be understood is reported and ends nothing', async () => {
  const { server, worker, faults } = await opened(1);
  const stranger = connect(server.path);
  stranger.end('{"kind":\n');
  await once(stranger, 'close');
  await (await worker()).ask(ask('goes on'));
  expect(faults).toEqual(['a worker said what cannot be understood: {"kind":']);
});
