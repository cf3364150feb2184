import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee } from './guarantee.ts';
import { standingPods, type Asked } from './settled.ts';

/** How a client in another Pod begins to speak CQL to a name: it sends OPTIONS and prints the first five bytes that come back. */
export function greeting(name: string, port: number): readonly string[] {
  const says = `exec 3<>"/dev/tcp/$0/$1" && printf '\\4\\0\\0\\0\\5\\0\\0\\0\\0' >&3 && head -c 5 <&3 | od -An -tx1`;
  return ['timeout', '10', 'bash', '-c', says, name, String(port)];
}

/** A response (0x84) of version 4, on no stream, that is SUPPORTED (0x06). */
const supported = '84 00 00 00 06';

/**
 * "DNS lookups between Cassandra Pods and clients within your cluster": a client that knows the Service's name only comes to a server.
 *
 * Verified: each time that a client in another Pod spoke to this name and port at that moment, while Ready Pods of the set stood there unchanged, it was answered in CQL.
 * Not verified: which server it was.
 */
export function theNameLeadsToAServer(name: string, port: number, set: OrdinalSet, asked: Asked): Guarantee {
  return guarantee('theNameLeadsToAServer', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = standingPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    if (!pods.some(({ readiness }) => readiness === 'ready'))
      return undecided(`no Pod of ${set.name} was Ready (${asked.moment})`);
    const argv = greeting(name, port).join('\0');
    const greetings = window.observations('command', asked.moment).filter((one) => one.argv.join('\0') === argv);
    return each(greetings, 'greetings', (output) =>
      output.stdout.trim() === supported
        ? undefined
        : breach(`${name}:${port} answered “${output.stdout.trim()}” ${output.stderr.trim()}`, output),
    );
  });
}

/** How a Pod looks up another by the short name that it has below the Service. */
export function lookingUp(set: OrdinalSet, ordinal: number): readonly string[] {
  return ['getent', 'hosts', `${podNameOf(set, ordinal)}.${set.service}`];
}

/**
 * "DNS lookups between Cassandra Pods": a Pod finds another one.
 *
 * Verified: at that moment the container of the one Pod resolved, while the other stood there Ready and unchanged the other's name below the Service to the address that the API reports for it, and to no other.
 * Not verified: a Pod's own name, which is in its hosts file.
 */
export function aPodFindsAnother(
  set: OrdinalSet,
  { from, to }: { readonly from: number; readonly to: number },
  asked: Asked,
): Guarantee {
  return guarantee('aPodFindsAnother', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = standingPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const target = pods.find(({ ordinal, readiness }) => ordinal === to && readiness === 'ready');
    if (from === to || target === undefined) return undecided(`${podNameOf(set, to)} was not there, Ready`);
    const argv = lookingUp(set, to).join('\0');
    const outputs = window
      .observations('command', asked.moment)
      .filter((one) => one.pod === podNameOf(set, from) && one.argv.join('\0') === argv);
    return each(outputs, 'lookups', (output) => {
      const lines = output.stdout.trim().split('\n');
      const found = lines.map((line) => line.split(/\s+/)[0]);
      if (found.length === 1 && found[0] === target.ip) return undefined;
      return breach(`${podNameOf(set, from)} found ${target.name} at ${found.join(', ') || 'no address'}`, output);
    });
  });
}
