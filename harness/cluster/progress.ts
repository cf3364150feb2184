/** Tells people what is being set up, and why. The command line prints it; nothing here decides how. */
export interface Progress {
  step(what: string, why: string): Step;
}

/** One piece of work under way. Exactly one of `done`, `skipped` and `failed` ends it. */
export interface Step {
  update(detail: string): void;
  done(detail?: string): void;
  skipped(detail: string): void;
  failed(detail: string): void;
}

/** Runs `work` as one step: a failure is shown where it happened, and still thrown. */
export async function inStep<T>(
  progress: Progress,
  what: string,
  why: string,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const step = progress.step(what, why);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.failed(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
