import type { StatefulSetHandle } from '../../harness/test.ts';

/** Lets the Pods of a set with `heldUnready` become Ready, each as soon as it runs. */
export async function becomeReadyInTurn(web: StatefulSetHandle, ordinals: readonly number[]): Promise<void> {
  for (const ordinal of ordinals) {
    await web.podBecomesRunning(ordinal);
    await web.letReady(ordinal);
  }
}
