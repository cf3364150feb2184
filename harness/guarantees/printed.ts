import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { outputOf, type Output } from './outputs.ts';
import { standingPods, type Asked } from './settled.ts';

/** A line of a command's output, without the blanks around it: the whole of it, or how it begins. */
export type PrintedLine = string | { readonly begins: string };

/**
 * What can be read in a container: a file, a command line, a version.
 *
 * Verified: at that moment each of these Pods, which stood there unchanged meanwhile, ran exactly this command, and its output, on whichever of the two streams, has each of the
 * lines. A command that ended with another exit code than 0 has printed nothing that counts.
 * Not verified: other lines (for the whole output see `eachPodPrints`).
 */
export function eachPodPrintsLines(
  set: OrdinalSet,
  ordinals: readonly number[],
  argv: readonly string[],
  lines: readonly [PrintedLine, ...PrintedLine[]],
  asked: Asked,
): Guarantee {
  return guarantee('eachPodPrintsLines', ['pods'], { from: asked.from, to: asked.to }, (window) =>
    ofEachPod(window, set, ordinals, asked, (pod) => {
      const output = outputOf(window, asked.moment, pod, argv);
      if (output === undefined) return undecided(`${pod} did not run \`${argv.join(' ')}\` (${asked.moment})`);
      const printed = `${output.stdout}\n${output.stderr}`.split('\n').map((line) => line.trim());
      return each(lines, 'printed lines', (wanted) => {
        if (output.exitCode !== 0)
          return breach(`\`${argv.join(' ')}\` ended in ${pod} with exit code ${output.exitCode}`, output);
        if (printed.some((line) => isLine(line, wanted))) return undefined;
        return breach(`${pod} printed no line “${typeof wanted === 'string' ? wanted : `${wanted.begins}…`}”`, output);
      });
    }),
  );
}

/**
 * A capability is among those that the container's processes may have.
 *
 * Verified: at that moment each of these Pods, unchanged meanwhile, printed `/proc/1/status` of its container, and in its bounding set of capabilities this bit is set; it is in the
 * effective set as well where that process is root's.
 * Not verified: that any process makes use of it.
 */
export function theContainerMay(
  capability: { readonly name: string; readonly bit: number },
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): Guarantee {
  return guarantee('theContainerMay', ['pods'], { from: asked.from, to: asked.to }, (window) =>
    ofEachPod(window, set, ordinals, asked, (pod) => {
      const output = outputOf(window, asked.moment, pod, readingStatus);
      if (output?.exitCode !== 0) return undecided(`${pod} did not print /proc/1/status (${asked.moment})`);
      const sets = fieldOf(output, 'Uid').startsWith('0') ? ['CapBnd', 'CapEff'] : ['CapBnd'];
      return each(sets, 'sets of capabilities', (name) =>
        hasBit(fieldOf(output, name), capability.bit)
          ? undefined
          : breach(`${name} of the first process in ${pod} is without ${capability.name}`, output),
      );
    }),
  );
}

/** How the capabilities of a container are read. */
export const readingStatus: readonly string[] = ['cat', '/proc/1/status'];

function ofEachPod(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
  examine: (pod: string) => Findings,
): Findings {
  const pods = standingPods(window, set, asked);
  if (typeof pods === 'string') return undecided(pods);
  const [first, ...rest] = ordinals.map((ordinal) => {
    const name = podNameOf(set, ordinal);
    return pods.some((pod) => pod.name === name) ? examine(name) : undecided(`${name} was not there (${asked.moment})`);
  });
  return first === undefined ? undecided('no Pod was asked about') : together(first, ...rest);
}

function isLine(line: string, wanted: PrintedLine): boolean {
  return typeof wanted === 'string' ? line === wanted : line.startsWith(wanted.begins);
}

function fieldOf({ stdout }: Output, name: string): string {
  const line = stdout.split('\n').find((one) => one.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}

function hasBit(hexadecimal: string, bit: number): boolean {
  if (!/^[0-9a-f]+$/i.test(hexadecimal)) return false;
  return (BigInt(`0x${hexadecimal}`) & (1n << BigInt(bit))) !== 0n;
}
