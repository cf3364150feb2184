import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ScriptedApi } from './scriptedApi.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

const target = { namespace: 'web', pod: 'web-0', port: 2181 };
const channels = { bytes: 0, complaints: 1 } as const;

let api: ScriptedApi;
let tunnel: Tunnel;

beforeEach(async () => {
  api = await ScriptedApi.start();
  tunnel = await openTunnel(api.kube, target);
});

afterEach(async () => {
  await tunnel.close();
  await api.stop();
});

/** What the server does with the next forward, once its web socket stands. */
function onForward(script: (socket: Duplex, url: URL) => void): void {
  api.server.once('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    const own = [`Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: v4.channel.k8s.io'];
    socket.write([...head, ...own, '', ''].join('\r\n'));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    // Each stream begins with the number of the port.
    for (const channel of Object.keys(channels) as (keyof typeof channels)[])
      socket.write(frame(channel, Buffer.of(2181 % 256, Math.floor(2181 / 256))));
    script(socket, new URL(request.url ?? '/', 'http://scripted'));
  });
}

/** One short binary frame of a web socket: for the API server its first byte names the channel. */
function frame(channel: keyof typeof channels, bytes: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.of(channels[channel]), bytes]);
  return Buffer.concat([Buffer.of(0x82, payload.length), payload]);
}

/** What a client sent in one short frame, behind the byte that names the channel. Clients mask their frames. */
function unmasked(sent: Buffer): string {
  const length = (sent[1] ?? 0) & 0x7f;
  const mask = sent.subarray(2, 6);
  const payload = sent.subarray(6, 6 + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.from(payload.subarray(1)).toString('utf8');
}

function client(): Socket {
  return connect(tunnel.port, tunnel.host);
}

async function allOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

it('carries bytes both ways, and what the server sent last before it closed', async () => {
  onForward((socket, url) => {
    expect(`${url.pathname}${url.search}`).toBe('/api/v1/namespaces/web/pods/web-0/portforward?ports=2181');
    socket.once('data', (sent: Buffer) => {
      socket.write(frame('bytes', Buffer.from(`you said ${unmasked(sent)}`)));
      socket.end();
    });
  });
  const socket = client();
  socket.write('ruok');
  expect(await allOf(socket)).toBe('you said ruok');
});

it('makes a forward of its own for each connection', async () => {
  for (const answer of ['one', 'two']) {
    onForward((socket) => {
      socket.write(frame('bytes', Buffer.from(answer)));
      socket.end();
    });
    expect(await allOf(client())).toBe(answer);
  }
});

it('closes the connection when the forward is refused, and says why', async () => {
  api.server.once('upgrade', (_: IncomingMessage, socket: Duplex) => {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  await once(client(), 'close');
  expect(tunnel.trouble).toMatchObject({
    name: 'ApiError',
    code: 404,
    message: expect.stringMatching(/there is no such Pod/),
  });
});

it('closes the connection when nothing listens in the Pod, and says so', async () => {
  onForward((socket) => socket.write(frame('complaints', Buffer.from('connection refused'))));
  await once(client(), 'close');
  expect(tunnel.trouble).toMatchObject({
    name: 'ConnectionError',
    wasSent: true,
    message: expect.stringMatching(/connection refused$/),
  });
});

it('ends the forward when the client goes', async () => {
  const gone = Promise.withResolvers<void>();
  onForward((socket) => {
    socket.once('close', () => gone.resolve());
    socket.on('data', () => undefined);
    socket.write(frame('bytes', Buffer.from('welcome')));
  });
  const socket = client();
  await once(socket, 'data');
  socket.destroy();
  await gone.promise;
  expect(tunnel.trouble).toBeUndefined();
});

it('closes every connection when it is closed, and listens no more', async () => {
  onForward((socket) => socket.write(frame('bytes', Buffer.from('welcome'))));
  const socket = client();
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await tunnel.close();
  await closed;
  await expect(once(client(), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('is closed by its signal', async () => {
  const stop = new AbortController();
  const signalled = await openTunnel(api.kube, { ...target, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(once(connect(signalled.port, signalled.host), 'connect')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
