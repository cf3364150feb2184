/**
 * The two ways in which a command ends without a verdict. Each carries the exit code that users and CI rely on.
 *
 * `remedy` says what would be right; it is printed on a line of its own below the message.
 */
export abstract class SteadfastError extends Error {
  abstract readonly exitCode: number;
  readonly remedy: string | undefined;

  constructor(message: string, options: { remedy?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.remedy = options.remedy;
    this.name = new.target.name;
  }
}

/** What was asked for cannot be: an unknown option, claim, context or class. Nothing was created. */
export class UsageError extends SteadfastError {
  readonly exitCode = 64;
}

/** The run itself broke: an unreachable cluster, a build that failed, a file that cannot be written. */
export class RunError extends SteadfastError {
  readonly exitCode = 70;
}

/** One line for people, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
