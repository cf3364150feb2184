import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Window } from './guarantee.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

export type Output = Extract<Observation, { of: 'command' }>;

/** A Pod with what a command printed in it. */
export interface Printed {
  readonly pod: SettledPod;
  readonly output: Output;
}

/**
 * A command, run in the container of each of these Pods, prints what it ought to.
 *
 * Verified: at that moment the command ended with 0 in each Pod and printed exactly this.
 * Not verified: where the program has it from.
 */
export function eachPodPrints(
  set: OrdinalSet,
  ordinals: readonly number[],
  argv: readonly string[],
  expected: (ordinal: number) => string,
  asked: Asked,
): Guarantee {
  return eachPodAnswers('eachPodPrints', set, ordinals, argv, asked, ({ pod, output }) =>
    output.stdout === expected(pod.ordinal)
      ? undefined
      : breach(`${argv.join(' ')} in ${pod.name} printed “${output.stdout.trim()}”`, pod.change, output),
  );
}

/** The frame of guarantees about one command in each Pod. A command that ended with another code than 0 has not found what it was to show. */
export function eachPodAnswers(
  name: string,
  set: OrdinalSet,
  ordinals: readonly number[],
  argv: readonly string[],
  asked: Asked,
  check: (printed: Printed) => Breach | undefined,
): Guarantee {
  return guarantee(name, ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const printed = printedBy(window, set, ordinals, argv, asked);
    if (typeof printed === 'string') return undecided(printed);
    return each(printed, `outputs of ${argv.join(' ')}`, (one) => failureOf(one) ?? check(one));
  });
}

/** What the command printed in each of the Pods, which stood still meanwhile; or why that is not known. */
export function printedBy(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  argv: readonly string[],
  asked: Asked,
): readonly Printed[] | string {
  const pods = settledPods(window, set, asked);
  if (typeof pods === 'string') return pods;
  const printed = ordinals.map((ordinal) => {
    const pod = pods.find((each) => each.ordinal === ordinal);
    const output = outputOf(window, asked.moment, podNameOf(set, ordinal), argv);
    return pod === undefined || output === undefined ? undefined : { pod, output };
  });
  const missing = printed.indexOf(undefined);
  if (missing >= 0)
    return `nobody ran ${argv.join(' ')} in ${podNameOf(set, ordinals[missing] ?? 0)} (${asked.moment})`;
  return printed.filter((each) => each !== undefined);
}

export function failureOf({ pod, output }: Printed): Breach | undefined {
  const { argv, exitCode, stderr } = output;
  if (exitCode === 0) return undefined;
  const because = `${argv.join(' ')} in ${pod.name} ended with ${exitCode}: ${stderr.trim()}`;
  return breach(because, pod.change, output);
}

export function outputOf(window: Window, moment: string, pod: string, argv: readonly string[]): Output | undefined {
  return window
    .observations('command', moment)
    .findLast((output) => output.pod === pod && output.argv.join('\n') === argv.join('\n'));
}

/** Lines of the form `name=value`, or with another sign between; whatever is no such line is left out. */
export function propertiesIn(text: string, sign = '='): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line.includes(sign) && !line.trimStart().startsWith('#'))
      .map((line) => {
        const at = line.indexOf(sign);
        return [line.slice(0, at).trim(), line.slice(at + sign.length).trim()] as const;
      }),
  );
}
