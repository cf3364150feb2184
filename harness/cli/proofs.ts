import { createVitest } from 'vitest/node';
import type { Control, Proof } from '../claims/coverage.ts';
import { RunError } from '../errors.ts';
import type { RunSpec } from '../run.ts';
import '../provided.ts';
import { suiteSettings, tutorialsWithSuite } from './suites.ts';

export interface Proofs {
  readonly proofs: readonly Proof[];
  readonly controls: readonly Control[];
}

/** What the suites declare: every claim with the stories that prove it, every control. The suites are loaded and nothing in them is run. */
export async function collectProofs(): Promise<Proofs> {
  const vitest = await createVitest({
    ...suiteSettings(tutorialsWithSuite()),
    provide: { run: loadOnly },
    reporters: [{}],
  });
  try {
    // What a story or a claim is called is known only once the suite has run through: reading its text would not do.
    const { testModules, unhandledErrors } = await vitest.collect([], { staticParse: false });
    const [broken] = [...testModules.flatMap((module) => module.errors()), ...unhandledErrors];
    if (broken !== undefined) throw new RunError(`a suite cannot be loaded: ${describe(broken)}`, { cause: broken });
    const declared = testModules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => {
        const found = test.meta().declared;
        return found === undefined ? [] : [{ ...found, suite: module.relativeModuleId }];
      }),
    );
    return {
      proofs: declared
        .filter(({ kind }) => kind === 'claim')
        .map(({ claim, suite, stories }) => ({ id: claim, suite, story: stories.join(' and '), stories })),
      controls: declared
        .filter(({ kind }) => kind === 'control')
        .map(({ claim, stories }) => ({ id: claim, variant: stories.join(' and ') })),
    };
  } finally {
    await vitest.close();
  }
}

/** An error that crossed from a worker is an error no more, but its fields are there. */
function describe(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

/** A run in which nothing is told: only what a suite declares is of interest. */
const loadOnly: RunSpec = {
  id: '00000000-0000-load',
  directory: '',
  mode: 'judge',
  startedAtMs: 0,
  cluster: { provider: 'existing', name: 'none', context: 'none', serverVersion: 'v0.0.0' },
  controls: true,
  allowDisruption: false,
  pace: 1,
};
