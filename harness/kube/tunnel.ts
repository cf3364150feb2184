import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { PortForward } from '@kubernetes/client-node';
import type { Kube } from './client.ts';
import { ConnectionError } from './errors.ts';
import { upgradeRefused } from './upgrade.ts';

export interface TunnelRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** Closes the tunnel when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A local address at which a chosen Pod's port answers. */
export interface Tunnel {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Why the last connection that did not come about, or broke, did so: the client sees only that its connection is closed. */
  readonly trouble: Error | undefined;
  /** Closes the port and every connection through it. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens a local port that leads to a Pod's through the API server's port-forward, so that any client of the application's own protocol can speak
 * to exactly this server. Each local connection is a forward of its own, made when it comes, to the Pod that has the name then. A forward that breaks
 * closes its local connection: the client notices as it would on a network.
 */
export async function openTunnel(kube: Kube, request: TunnelRequest): Promise<Tunnel> {
  const { signal } = request;
  signal?.throwIfAborted();
  const sockets = new Set<Socket>();
  let trouble: Error | undefined;
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // What breaks it is told by the forward; without a listener the error would end the process.
    socket.on('error', () => socket.destroy());
    forward(kube, request, socket).catch((error: unknown) => {
      trouble = error as Error;
      socket.destroy();
    });
  });
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', closeNow);
    for (const socket of sockets) socket.destroy();
    await closed(server);
  };
  const closeNow = (): void => void close();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  signal?.addEventListener('abort', closeNow, { once: true });
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    get trouble() {
      return trouble;
    },
    close,
  };
}

/** Carries bytes both ways until one end closes. Rejects when the forward was refused, or broke. */
async function forward(kube: Kube, request: TunnelRequest, socket: Socket): Promise<void> {
  const { namespace, pod, port } = request;
  const asked = `port ${port} of ${namespace}/${pod}`;
  const ended = Promise.withResolvers<void>();
  const broken = (code: string, message: string): void =>
    ended.reject(new ConnectionError(`${asked}: ${message}`, { method: 'POST', wasSent: true, code }));
  const complaints = new Complaints((text) => broken('FORWARD', text));
  const connecting = new PortForward(kube.config).portForward(namespace, pod, [port], socket, complaints, socket);
  socket.once('close', () => ended.resolve());
  connecting.then(
    (made) => {
      // Without retries the library hands over the web socket itself.
      const forwarded = made as Exclude<typeof made, () => unknown>;
      forwarded.onerror = ({ message }: { message: string }) => broken('BROKEN', `the forward broke: ${message}`);
      // Whatever the server sent last is still delivered: end, not destroy.
      forwarded.onclose = () => socket.end(() => ended.resolve());
      if (socket.destroyed) ended.resolve();
      else socket.resume();
    },
    (error: unknown) => ended.reject(upgradeRefused(kube.server, asked, 'portforward', error)),
  );
  try {
    await ended.promise;
  } finally {
    connecting.then(
      (made) => (made as Exclude<typeof made, () => unknown>).terminate(),
      () => undefined,
    );
  }
}

/** A second close finds the server closed already. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** What kubelet says on the stream beside the bytes: only ever that something went wrong. */
class Complaints extends Writable {
  readonly #tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    super();
    this.#tell = tell;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // The stream opens with the port's number, which the library takes off, leaving nothing.
    if (chunk.length > 0) this.#tell(chunk.toString('utf8').trim());
    done();
  }
}
