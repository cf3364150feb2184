import type { Progress } from '../cluster/index.ts';
import type { RunEvent } from '../report/events.ts';
import { printProgress } from '../report/progress.ts';
import { Terminal } from '../report/terminal/terminal.ts';

/** What a command writes on. Results and the run itself go to standard output, everything else to standard error. */
export interface Screen {
  /** Of what is being set up. */
  readonly progress: Progress;
  /** A line of the command's result. */
  print(text: string): void;
  /** A line about how it is going. */
  say(text: string): void;
  /** What happens in a run. Its end ends the display. */
  show(event: RunEvent): void;
  /** Takes away what is redrawn. */
  close(): void;
}

export function openScreen(): Screen {
  let terminal: Terminal | undefined;
  return {
    progress: printProgress(),
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => {
      if (terminal === undefined) process.stderr.write(`${text}\n`);
      else terminal.say(text);
    },
    show: (event) => {
      terminal ??= new Terminal();
      terminal.handle(event);
      if (event.kind === 'run-ended') terminal = undefined;
    },
    close: () => {
      terminal?.close();
      terminal = undefined;
    },
  };
}
