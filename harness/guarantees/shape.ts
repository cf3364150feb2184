import type { Recorded } from '../history/objects.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { livesOf } from './lives.ts';
import { standingPods, type Asked } from './settled.ts';

type Container = NonNullable<Recorded<'pods'>['spec']>['containers'][number];

/**
 * "requests == limits": the Pods are Guaranteed what they ask for.
 *
 * Verified: in every state within the span each Pod of the set is of QoS class Guaranteed, and each of its containers asks for, and is limited to, exactly this.
 * Not verified: that the node enforces it.
 */
export function podsAreGuaranteed(
  resources: Readonly<Record<string, string>>,
  set: OrdinalSet,
  span: Span = {},
): Guarantee {
  return guarantee('podsAreGuaranteed', ['pods'], span, (window) => {
    const changes = livesOf(window, set).flatMap((life) => life.changes.filter(({ index }) => index > window.from));
    return each(changes, 'states of Pods', (change) => {
      const { spec, status, metadata } = change.object;
      const other = spec?.containers.find((container) => !asksExactly(container, resources));
      if (other !== undefined)
        return breach(`${other.name} in ${metadata.name} asks for ${JSON.stringify(other.resources)}`, change);
      return status?.qosClass === 'Guaranteed'
        ? undefined
        : breach(`${metadata.name} is ${status?.qosClass ?? 'of no QoS class'}`, change);
    });
  });
}

/** Ports that a container declares, and those of them that a client elsewhere can connect to. */
export interface Ports {
  readonly declared: readonly number[];
  readonly open: readonly number[];
}

/** How a client, the probe, tries a TCP port: it ends with exit code 0 once it is connected. */
export function tryingPort(address: string, port: number): readonly string[] {
  return ['timeout', '10', 'bash', '-c', 'exec 3<>"/dev/tcp/$0/$1"', address, String(port)];
}

/**
 * "containerPort: 7000 …": ports are declared, and servers listen.
 *
 * Verified: each of these Pods, which stood there unchanged at that moment, declares exactly these ports; a client in another Pod, asked to, connected to each of the open ones at the address of each.
 * Not verified: what is spoken there, and ports that need not be open from outside.
 */
export function portsAreOpen(ports: Ports, set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return guarantee('portsAreOpen', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = standingPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const missing = ordinals.find((ordinal) => !pods.some((pod) => pod.ordinal === ordinal));
    if (missing !== undefined)
      return undecided(`${podNameOf(set, missing)} was not there, unchanged (${asked.moment})`);
    const wanted = pods.filter(({ ordinal }) => ordinals.includes(ordinal));
    const tries = wanted.flatMap((pod) =>
      ports.open.map((port) => {
        const argv = tryingPort(pod.ip, port).join('\0');
        const output = window.observations('command', asked.moment).findLast((one) => one.argv.join('\0') === argv);
        return { pod, port, output };
      }),
    );
    const untried = tries.find(({ output }) => output === undefined);
    if (untried !== undefined) return undecided(`nobody tried port ${untried.port} of ${untried.pod.name}`);
    return together(
      each(wanted, 'lists of ports', ({ name, change }) => {
        const declared = (change.object.spec?.containers ?? []).flatMap((container) => portsOf(container));
        const isSame = declared.toSorted(upwards).join() === ports.declared.toSorted(upwards).join();
        return isSame ? undefined : breach(`${name} declares the ports ${declared.join(', ') || 'none'}`, change);
      }),
      each(tries, 'connections', ({ pod, port, output }) =>
        output === undefined || output.exitCode === 0
          ? undefined
          : breach(`port ${port} of ${pod.name} gave no connection: ${output.stderr.trim()}`, output, pod.change),
      ),
    );
  });
}

function asksExactly({ resources }: Container, wanted: Readonly<Record<string, string>>): boolean {
  const words = (sizes: Readonly<Record<string, string>> | undefined): string =>
    Object.entries(sizes ?? {})
      .map((pair) => pair.join('='))
      .toSorted()
      .join();
  return words(resources?.requests) === words(wanted) && words(resources?.limits) === words(wanted);
}

function portsOf({ ports }: Container): readonly number[] {
  return (ports ?? []).map(({ containerPort }) => containerPort);
}

function upwards(one: number, other: number): number {
  return one - other;
}
