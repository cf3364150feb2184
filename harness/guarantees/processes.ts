import type { Observation } from '../history/entries.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsNamed, thereAt } from './objects.ts';

type CommandOutput = Extract<Observation, { of: 'command' }>;

/** Lists the processes of a container: number, parent's number and command line. */
export const processList = ['ps', '-eo', 'pid=,ppid=,args='] as const;

/**
 * "The command used as the container's entry point has PID 1, and the process is a child of it."
 *
 * Verified: in the processes of this Pod's container at this moment, PID 1 runs the container's command as the Pod's spec has it (the last word of it, where a shell handed over to it), and exactly
 * one process runs the server; it is not PID 1 and its parents lead to it.
 * Not verified: which number it has, and how many parents are in between.
 */
export function theServerIsAChildOfTheEntryPoint(
  podName: string,
  server: string,
  asked: Span & { readonly moment: string },
): Guarantee {
  return guarantee('theServerIsAChildOfTheEntryPoint', ['pods'], asked, (window) => {
    const pod = thereAt(objectsNamed(window, 'pods', podName), window.to)[0];
    const entryPoint = oneLine(pod?.last.object.spec?.containers[0]?.command?.at(-1) ?? '');
    if (entryPoint === '') return undecided(`the spec of ${podName} names no command`);
    return ofCommands(window, podName, asked.moment, 'lists of processes', (output) => {
      const processes = processesIn(output.stdout);
      const first = processes.find(({ pid }) => pid === 1);
      if (first === undefined || !first.line.includes(entryPoint))
        return breach(`PID 1 of ${podName} is “${first?.line ?? 'nobody'}”, not the container's command`, output);
      const servers = processes.filter(({ line }) => line.includes(server));
      const own = servers.filter(({ line }) => !line.includes(entryPoint));
      const [found] = own;
      if (found === undefined || own.length > 1)
        return breach(`${own.length} processes of ${podName} run ${server} below PID 1, and not one`, output);
      return descendsFromFirst(found.pid, processes)
        ? undefined
        : breach(`the server of ${podName}, PID ${found.pid}, is no child of PID 1`, output);
    });
  });
}

/**
 * A command in a Pod prints what it should.
 *
 * Verified: every command of this moment in the Pod ended with exit code 0 and printed something that each pattern matches.
 * Not verified: what it did beside printing.
 */
export function theCommandPrints(
  podName: string,
  patterns: readonly [RegExp, ...RegExp[]],
  asked: Span & { readonly moment: string },
): Guarantee {
  return guarantee('theCommandPrints', [], asked, (window) =>
    ofCommands(window, podName, asked.moment, 'commands', (output) => {
      const words = output.argv.join(' ');
      if (output.exitCode !== 0) return breach(`“${words}” in ${podName} ended with ${output.exitCode}`, output);
      const missing = patterns.find((pattern) => !pattern.test(output.stdout));
      return missing === undefined
        ? undefined
        : breach(`“${words}” in ${podName} printed nothing like ${missing}`, output);
    }),
  );
}

function ofCommands(
  window: Window,
  pod: string,
  moment: string,
  of: string,
  check: (output: CommandOutput) => Breach | undefined,
): Findings {
  const outputs = window.observations('command', moment).filter((output) => output.pod === pod);
  const doubt = outputs.length === 0 ? `no command was run in ${pod} (${moment})` : undefined;
  return unlessInDoubt(doubt, each(outputs, of, check));
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly line: string;
}

function processesIn(output: string): readonly Process[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, parent, rest] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return rest === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), line: oneLine(rest) }];
  });
}

function descendsFromFirst(pid: number, processes: readonly Process[]): boolean {
  const seen = new Set<number>();
  for (let at = pid; !seen.has(at);) {
    seen.add(at);
    const parent = processes.find((each) => each.pid === at)?.parent;
    if (parent === undefined) return false;
    if (parent === 1) return true;
    at = parent;
  }
  return false;
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
