import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Observation } from '../history/entries.ts';
import { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';
import type { Surroundings } from './exchange.ts';
import { visitor } from './http.ts';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

function surroundings(): Surroundings {
  return { kube: {} as Kube, namespace: 'site', recording: new Recording(), signal: new AbortController().signal };
}

async function site(answer: (asked: IncomingMessage, body: string, reply: ServerResponse) => void) {
  const server = createServer((asked, reply) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => answer(asked, Buffer.concat(chunks).toString('utf8'), reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { name: 'a door', address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

function exchangesOf({ recording }: Surroundings) {
  return recording.entries.filter(
    (entry): entry is Extract<Observation, { of: 'exchange' }> =>
      entry.kind === 'observation' && entry.of === 'exchange',
  );
}

test('a visitor calls the site by its name, keeps what it was given and gives it back until it is taken away', async () => {
  const seen: (string | undefined)[] = [];
  const given = [['a=1; Path=/', 'b=x=y; HttpOnly'], ['a=+; Max-Age=0'], []];
  const destination = await site((asked, _, reply) => {
    seen.push(`${asked.headers.host} ${asked.headers.cookie}`);
    reply.writeHead(200, { 'Set-Cookie': given.shift() ?? [] }).end('page');
  });
  const somebody = visitor(surroundings(), destination, 'wordpress');
  for (const path of ['/', '/again', '/once-more']) await somebody.gets('now', path);
  expect(seen).toEqual(['wordpress undefined', 'wordpress a=1; b=x=y', 'wordpress b=x=y']);
});

test('a redirect is an answer, and of a page only what it says is kept', async () => {
  const here = surroundings();
  const body = '<style>p{}</style>\n<p>word</p><script src="x">f()</script>\n\n\n<svg><path/></svg><p>end</p>';
  const destination = await site((_, __, reply) => reply.writeHead(302, { Location: '/install' }).end(body));
  expect(await visitor(here, destination, 'site').gets('now', '/')).toEqual({
    status: 'succeeded',
    answer: { status: 302, location: '/install', body: '\n<p>word</p>\n<p>end</p>' },
  });
  expect(exchangesOf(here)).toMatchObject([{ client: 'http', target: 'a door', request: 'GET /', moment: 'now' }]);
});

test('a form is sent whole, and only the names of its fields are recorded', async () => {
  const here = surroundings();
  let got = '';
  const destination = await site((asked, body, reply) => {
    got = `${asked.method} ${asked.headers['content-type']} ${body}`;
    reply.end();
  });
  await visitor(here, destination, 'site').submits('now', '/login', { user: 'admin', password: 'a b&c' });
  expect(got).toBe('POST application/x-www-form-urlencoded user=admin&password=a+b%26c');
  expect(exchangesOf(here)[0]?.request).toBe('POST /login with user, password');
});

test('a door that nobody opens was asked nothing; one behind which nobody answers leaves it open', async () => {
  const closed = { name: 'a door', address: '127.0.0.1', port: 1 };
  expect(await visitor(surroundings(), closed, 'site').gets('now', '/')).toMatchObject({
    status: 'failed',
    code: 'ECONNREFUSED',
  });
  const silent = await site(() => undefined);
  expect(await visitor(surroundings(), silent, 'site', { pageMs: 50 }).gets('now', '/')).toMatchObject({
    status: 'indeterminate',
  });
  const rude = await site((asked) => asked.socket.destroy());
  expect(await visitor(surroundings(), rude, 'site').gets('now', '/')).toMatchObject({ status: 'indeterminate' });
});

test('it asks until the page is as awaited, and says so when it never is', async () => {
  let asked = 0;
  const destination = await site((_, __, reply) => reply.writeHead((asked += 1) < 2 ? 500 : 200).end());
  const somebody = visitor(surroundings(), destination, 'site');
  expect(await somebody.getsUntil('now', '/', ({ status }) => status === 200)).toBe(true);
  expect(await somebody.getsUntil('now', '/', ({ status }) => status === 404, { deadlineMs: 50 })).toBe(false);
});

test('a Deployment without a Pod was asked nothing', async () => {
  const nowhere = visitor(surroundings(), { deployment: 'wordpress', port: 80 }, 'site');
  expect(await nowhere.gets('now', '/')).toMatchObject({ status: 'failed', code: 'NO_SERVER' });
});
