import type { StoryNamespace } from './verbs.ts';

/** Looks at a workload between two marks, so that what clients saw can be held against what the API server reported. */
export async function betweenMarks(
  namespace: StoryNamespace,
  moment: string,
  look: () => Promise<unknown>,
): Promise<{ readonly moment: string; readonly from: string; readonly to: string }> {
  const from = await namespace.mark(`${moment}: begin`);
  await look();
  const to = await namespace.mark(`${moment}: end`);
  return { moment, from, to };
}
