import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import { exec, execLines } from '../kube/exec.ts';
import type { Lab } from '../story/lab.ts';

/** A command that a Pod runs over and over. */
export interface Repeated {
  /** Waits as long as the client runs: a client that ends by itself can see nothing more, and that is an error. */
  lasts(wait: Promise<unknown>, what: string): Promise<void>;
  /** Has the client end itself and waits until it has. */
  stop(): Promise<void>;
}

let clients = 0;

/**
 * Runs a command in a Pod a few times a second and hands over what each run printed. The loop looks for a file that tells it to end: closing its
 * connection would not, the Pod would go on asking for nobody.
 */
export function repeat(lab: Lab, pod: string, argv: readonly string[], onOutput: (text: string) => void): Repeated {
  const { kube, namespace, signal } = lab;
  clients += 1;
  const stopFile = `/tmp/steadfast-stop-${clients}`;
  const script = `until [ -e ${stopFile} ]; do ${argv.map(quoted).join(' ')}; echo ${endOfOutput}; sleep 0.3; done`;
  let lines: string[] = [];
  const client = execLines(kube, { namespace, pod, argv: ['sh', '-c', script], signal }, (line) => {
    if (line !== endOfOutput) {
      lines.push(line);
      return;
    }
    onOutput(lines.join('\n'));
    lines = [];
  });
  // Whoever waits with the client hears of its failure; between two waits it must not end the process.
  client.catch(() => undefined);
  return {
    lasts: async (wait, what) => {
      const first = await Promise.race([wait.then(() => 'waited'), client.then(() => 'ended')]);
      if (first === 'ended') throw new RunError(`the client in ${pod} ended while it waited for ${what}`);
    },
    stop: async () => {
      await exec(kube, { namespace, pod, argv: ['touch', stopFile], signal, deadlineMs: deadlines.commandMs });
      await client;
    },
  };
}

const endOfOutput = '--end-of-output--';

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
