import { patience, type RecordedState, type StatefulSetHandle, type StoryNamespace } from '../../harness/test.ts';

/** How long a story waits for the controller's next step before it goes on without: a quiet window follows then. */
export const nextStep = { deadlineMs: patience.reactionMs };

/** A Pod that was asked to go, or is to be. */
export interface Lost {
  readonly ordinal: number;
  readonly uid: string;
}

/**
 * Waits until other Pods are Ready in the place of those that were lost, in whatever order they come. Where one is not made again, the controller is
 * seen at work, and the story can go on without it. Says whether all are back.
 */
export async function comeBack(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  lost: readonly Lost[],
  when: string,
): Promise<boolean> {
  const isGone =
    ({ pods }: RecordedState) =>
    ({ ordinal, uid }: Lost): boolean =>
      pods.get(`${web.name}-${ordinal}`)?.metadata.uid !== uid;
  await namespace.until(`${namesOf(web, lost)} to be gone`, (recorded) => lost.every(isGone(recorded)));
  const areBack = await areMadeAgain(namespace, web, lost);
  if (!areBack) await namespace.quietly(`not all of ${namesOf(web, lost)} are back, ${when}`);
  return areBack;
}

/** The Pod of this ordinal once it is Ready, if there is one. One that has been missing before is not waited for again. */
export async function podThatStands(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  ordinal: number,
): Promise<readonly Lost[]> {
  const name = `${web.name}-${ordinal}`;
  const isThere = await namespace.sees(`${name} to be there`, ({ pods }) => pods.has(name), {
    deadlineMs: patience.glanceMs,
  });
  return isThere ? [{ ordinal, uid: await web.podBecomesReady(ordinal) }] : [];
}

/** Only that a Pod is made is the controller's doing; how long it then takes to be Ready is not. */
async function areMadeAgain(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  missing: readonly Lost[],
): Promise<boolean> {
  if (missing.length === 0) return true;
  let made: readonly Lost[] = [];
  const isAnyMade = ({ pods }: RecordedState): boolean => {
    made = missing.filter(({ ordinal, uid }) => {
      const now = pods.get(`${web.name}-${ordinal}`);
      return now !== undefined && now.metadata.uid !== uid;
    });
    return made.length > 0;
  };
  if (!(await namespace.sees(`${namesOf(web, missing)} to be made again`, isAnyMade, nextStep))) return false;
  const next = made;
  for (const { ordinal, uid } of next) await web.podBecomesReady(ordinal, uid);
  return areMadeAgain(
    namespace,
    web,
    missing.filter((each) => !next.includes(each)),
  );
}

function namesOf(web: StatefulSetHandle, lost: readonly Lost[]): string {
  return lost.map(({ ordinal }) => `${web.name}-${ordinal}`).join(' and ');
}
