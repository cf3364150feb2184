import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { messageOf } from '../errors.ts';
import type { Kube } from '../kube/connect.ts';
import type { KubeObject } from '../kube/kinds.ts';
import { runNamespace } from '../run.ts';

const annotations = { machine: 'steadfast.dev/machine', pid: 'steadfast.dev/pid', aliveAt: 'steadfast.dev/alive-at' };

const renewedEveryMs = 15_000;
/** Several renewals may be missed, by a busy machine or an API server that restarts, before a run counts as dead. */
const freshForMs = 120_000;

/**
 * A namespace in which a run says that it is still going on, so that `clean` leaves it alone. It is the first thing a run creates and the last it
 * deletes, and carries the run's label like everything else.
 */
export class SignOfLife {
  readonly #kube: Kube;
  readonly #name: string;
  readonly #uid: string;
  readonly #timer: NodeJS.Timeout;
  readonly #onTrouble: (message: string) => void;

  private constructor(kube: Kube, name: string, uid: string, onTrouble: (message: string) => void) {
    this.#kube = kube;
    this.#name = name;
    this.#uid = uid;
    this.#onTrouble = onTrouble;
    this.#timer = setInterval(() => void this.#renew(), renewedEveryMs);
    this.#timer.unref();
  }

  static async begin(kube: Kube, run: string, onTrouble: (message: string) => void): Promise<SignOfLife> {
    const namespace = runNamespace(run, `steadfast-${run}`, signNow());
    const created = await kube.create({ resource: 'namespaces' }, namespace);
    return new SignOfLife(kube, created.metadata.name, created.metadata.uid, onTrouble);
  }

  /** No more signs are given. The namespace goes with the others of the run. */
  end(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    try {
      const body = { metadata: { uid: this.#uid, annotations: signNow() } };
      await this.#kube.patch({ resource: 'namespaces', name: this.#name }, body, 'merge');
    } catch (error) {
      // The next renewal is due soon, and several may fail; but whoever watches should know.
      this.#onTrouble(`the run's sign of life could not be renewed: ${messageOf(error)}`);
    }
  }
}

/** Whether the namespace says that its run is going on. One without a sign says nothing. */
export function isAlive(
  namespace: KubeObject,
  now: number = Date.now(),
  machine: string = thisMachine(),
  processIsThere: (pid: number) => boolean = isThere,
): boolean {
  const signs = namespace.metadata.annotations ?? {};
  const aliveAt = Date.parse(signs[annotations.aliveAt] ?? '');
  if (Number.isNaN(aliveAt) || now - aliveAt > freshForMs) return false;
  // Of this machine's processes more is known than what they said last.
  return signs[annotations.machine] !== machine || processIsThere(Number(signs[annotations.pid]));
}

function signNow(): Record<string, string> {
  return {
    [annotations.machine]: thisMachine(),
    [annotations.pid]: String(process.pid),
    [annotations.aliveAt]: new Date().toISOString(),
  };
}

/** Process numbers mean something only within one machine, and within one container of it. */
function thisMachine(): string {
  return process.platform === 'linux' ? `${hostname()} ${readlinkSync('/proc/self/ns/pid')}` : hostname();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one nevertheless.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
