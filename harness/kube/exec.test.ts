import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exec, execLines, podLogs } from './exec.ts';
import { ScriptedApi } from './scriptedApi.ts';

const command = { namespace: 'web', pod: 'web-0', argv: ['cat', '/etc/hostname'] };
const channels = { stdout: 1, stderr: 2, status: 3 } as const;

let api: ScriptedApi;

beforeEach(async () => {
  api = await ScriptedApi.start();
});

afterEach(async () => {
  await api.stop();
});

/** What the server does with the next exec, once its web socket stands. */
function onExec(script: (socket: Duplex, url: URL) => void): void {
  api.server.once('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    const own = [`Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: v5.channel.k8s.io'];
    socket.write([...head, ...own, '', ''].join('\r\n'));
    socket.on('error', () => socket.destroy());
    // A server's socket stays half open unless somebody reads to its end.
    socket.on('end', () => socket.end()).resume();
    script(socket, new URL(request.url ?? '/', 'http://scripted'));
  });
}

/** One short binary frame of a web socket: for the API server its first byte names the channel. */
function frame(channel: keyof typeof channels, text: string | Buffer): Buffer {
  const payload = Buffer.concat([Buffer.of(channels[channel]), Buffer.from(text)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([Buffer.of(0x82, 126), length, payload]);
}

function exit(code: number): Buffer {
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  const failure = { status: 'Failure', reason: 'NonZeroExitCode', message: 'failed', details: { causes } };
  return frame('status', JSON.stringify(code === 0 ? { status: 'Success' } : failure));
}

it('collects what the command wrote; any exit code is an answer', async () => {
  onExec((socket, url) => {
    expect(url.pathname).toBe('/api/v1/namespaces/web/pods/web-0/exec');
    expect(url.searchParams.getAll('command')).toEqual(command.argv);
    const [start, end] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    socket.write(Buffer.concat([frame('stdout', start), frame('stderr', 'oh'), frame('stdout', end), exit(3)]));
  });
  expect(await exec(api.kube, command)).toEqual({ exitCode: 3, stdout: 'é', stderr: 'oh' });
});

it('throws when the stream breaks before there is an exit code', async () => {
  onExec((socket) => {
    socket.write(frame('stdout', 'half'));
    socket.end();
  });
  await expect(exec(api.kube, command)).rejects.toMatchObject({ name: 'ConnectionError', wasSent: true });
});

it('throws when the command cannot be started', async () => {
  onExec((socket) => {
    const failure = { status: 'Failure', reason: 'InternalError', message: 'executable file not found' };
    socket.write(frame('status', JSON.stringify(failure)));
  });
  await expect(exec(api.kube, command)).rejects.toMatchObject({ name: 'ApiError', reason: 'InternalError' });
});

it('throws when the server refuses', async () => {
  api.server.once('upgrade', (_: IncomingMessage, socket: Duplex) => {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  await expect(exec(api.kube, command)).rejects.toMatchObject({
    code: 404,
    message: expect.stringMatching(/there is no such Pod/),
  });
});

it('throws after the deadline, and closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  onExec((socket) => socket.on('close', () => closed.resolve()));
  await expect(exec(api.kube, { ...command, deadlineMs: 60 })).rejects.toThrow('no exit code within 0.06 s');
  await closed.promise;
});

it('hands over lines as they come, until it is aborted', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  onExec((socket) => socket.write(Buffer.concat([frame('stdout', 'one\ntw'), frame('stdout', 'o\nthree')])));
  await execLines(api.kube, { ...command, signal: stop.signal }, (line) => {
    lines.push(line);
    if (line === 'two') stop.abort(new Error('enough'));
  });
  expect(lines).toEqual(['one', 'two']);
});

it('throws what a client that goes on ended with, and what its reader threw', async () => {
  onExec((socket) => socket.write(Buffer.concat([frame('stderr', 'no such host'), exit(1)])));
  await expect(execLines(api.kube, command, () => undefined)).rejects.toThrow('exit code 1: no such host');
  onExec((socket) => socket.write(frame('stdout', 'one\n')));
  const read = (): void => {
    throw new Error('not what was expected');
  };
  await expect(execLines(api.kube, command, read)).rejects.toThrow('not what was expected');
});

it('reads the log of the container as it was before', async () => {
  api.answers({ code: 200, body: 'ready\n' });
  expect(await podLogs(api.kube, 'web', 'web-0', { previous: true, tailLines: 5 })).toBe('ready\n');
  expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({ previous: 'true', tailLines: '5' });
});
