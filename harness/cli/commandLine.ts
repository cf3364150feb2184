import { messageOf, SteadfastError } from '../errors.ts';
import type { Desk } from './desk.ts';
import { Interrupted, interruptedExitCode } from './interruption.ts';
import { runProgram, type Actions } from './program.ts';

/** What ends without a verdict and without words of its own is a fault of this program. */
const brokenExitCode = 70;

/** Runs the command that the arguments name and resolves with the exit code. Whatever went wrong has been told by then. */
export async function runCommandLine(desk: Desk): Promise<number> {
  const { argv, interruption, screen } = desk;
  try {
    return await runProgram(argv, actionsAt(desk), {
      print: (text) => screen.print(text.trimEnd()),
      complain: (text) => screen.say(text.trimEnd()),
    });
  } catch (error) {
    screen.close();
    // Whatever was under way when the interruption came failed because of it.
    const cause: unknown = interruption.because ?? error;
    screen.say(describeError(cause));
    if (cause instanceof Interrupted) return interruptedExitCode;
    return cause instanceof SteadfastError ? cause.exitCode : brokenExitCode;
  }
}

/** Each command's code is loaded when it is asked for: wrong usage is told without waiting for a library. */
function actionsAt(desk: Desk): Actions {
  return {
    check: async () => (await import('./commands/check.ts')).checkCommand(desk),
    test: async () => (await import('./commands/test.ts')).testCommand(desk),
    certify: async (options) => (await import('./commands/certify.ts')).certifyCommand(options, desk),
    judge: async (run, options) => (await import('./commands/judge.ts')).judgeCommand(run, options, desk),
    report: async (run) => (await import('./commands/report.ts')).reportCommand(run, desk),
    clean: async (options) => (await import('./commands/clean.ts')).cleanCommand(options, desk),
    up: async () => (await import('./commands/cluster.ts')).upCommand(desk),
    down: async () => (await import('./commands/cluster.ts')).downCommand(desk),
    status: async () => (await import('./commands/cluster.ts')).statusCommand(desk),
    coverage: async (options) => (await import('./commands/coverage.ts')).coverageCommand(options, desk),
    mutants: async (options) => (await import('./commands/mutants.ts')).mutantsCommand(options, desk),
    bench: async (run, options) => (await import('./commands/bench.ts')).benchCommand(run, options, desk),
  };
}

function describeError(error: unknown): string {
  if (error instanceof Interrupted) return error.message;
  if (error instanceof SteadfastError)
    return `error: ${error.message}${error.remedy === undefined ? '' : `\n  ${error.remedy}`}`;
  const where = error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error);
  return `error: this is a fault of Steadfast itself: ${where}`;
}
