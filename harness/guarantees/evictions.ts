import { isReady, isRunning } from '../history/pods.ts';
import { budgetAt, countAt, coveredBy, isHealthy, type Budget, type Count } from './budgetCount.ts';
import {
  answersAt,
  notGone,
  notSpared,
  podAtStart,
  severalBudgets,
  wordsOf,
  type Asked,
  type EvictionAnswer,
} from './evictionAnswers.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt, type ObjectLife } from './objects.ts';

const resources = ['poddisruptionbudgets', 'pods', 'statefulsets'] as const;

/**
 * "Evictions side by side": many at once take no more Pods than the budget allows.
 *
 * Verified: by the budget and the Pods as they were when the span began, fewer Pods could go than were asked for, all of
 * them Ready, and none became healthy meanwhile. In the span, no more Pods than that were asked to go; at least one was, if
 * one could; each whose eviction was granted went; each whose evictions were all refused (429, for the budget's sake) is
 * the Pod it was, not Terminating. The span ends with signs of life of a controller, so that there was time for more.
 * Not verified: which of the Pods were taken.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export function evictionsStayWithin(budget: string, asked: Asked): Guarantee {
  return guarantee('evictionsStayWithin', resources, asked, (window) => {
    const answers = answersAt(window, asked.moment);
    const names = [...new Set(answers.map(({ pod }) => pod))];
    const lives = names.map((name) => podAtStart(window, name)).filter((life) => life !== undefined);
    const room = roomAtStart(window, budget);
    const doubt =
      typeof room === 'string' ? room : (doubtAboutEnd(asked) ?? doubtAboutRush(window, room, names, lives));
    if (doubt !== undefined || typeof room === 'string') return undecided(doubt ?? '');
    const taken = lives.filter((life) => life.deletion !== undefined);
    const surplus = taken.toSorted((a, b) => indexOf(a) - indexOf(b))[room.count.allowed];
    const isClear = answers.some(({ is }) => is === 'refused');
    const findings = each(lives, 'Pods to be evicted at once', (life) => {
      const own = answers.filter(({ pod }) => pod === life.name);
      const granted = own.find(({ is }) => is === 'granted');
      const refused = own.find(({ is }) => is === 'refused');
      const other = own.find(({ is }) => is === 'otherwise');
      if (life === surplus)
        return breach(
          `${taken.length} Pods were evicted where ${room.count.allowed} could go`,
          life.first,
          ...taken.flatMap(({ deletion }) => (deletion === undefined ? [] : [deletion])),
        );
      if (granted !== undefined) return notGone(life, granted);
      // One that came too late finds another Pod, or none.
      if (other !== undefined && life.deletion === undefined)
        return breach(`the eviction of ${life.name} was answered with ${wordsOf(other)}`, life.first, other.entry);
      if (refused !== undefined && taken.length === 0 && room.count.allowed > 0)
        return breach(`no eviction was granted where ${room.count.allowed} could go`, refused.entry);
      return refused === undefined ? undefined : notSpared(life, refused);
    });
    return unlessInDoubt(
      isClear ? undefined : `no eviction was refused for the sake of the budget ${budget}`,
      findings,
    );
  });
}

/**
 * "If the eviction would breach a PodDisruptionBudget, the API returns 429 Too Many Requests."
 *
 * Verified: by the budget and the Pods as they were when the span began, no Pod could go; the eviction of this Ready Pod
 * was answered with 429 for the budget's sake; the Pod is the one it was, not Terminating, to the end of a quiet window.
 * Not verified: how long the client is told to wait.
 */
export function evictionIsRefused(budget: string, pod: string, asked: Asked): Guarantee {
  return guarantee('evictionIsRefused', resources, asked, (window) => {
    const room = roomAtStart(window, budget);
    if (typeof room === 'string') return undecided(room);
    if (room.count.allowed > 0) return undecided(`${room.count.allowed} Pods could go when the span began`);
    return ofOne(window, pod, asked, (life, answer) =>
      answer.is === 'refused'
        ? notSpared(life, answer)
        : breach(`the eviction of ${pod} was answered with ${wordsOf(answer)}`, life.first, answer.entry),
    );
  });
}

/**
 * "If the eviction is allowed, the API server deletes the Pod", and the budget knows of it first.
 *
 * Verified: by the budget and the Pods as they were when the span began, a Pod could go; the eviction of this Ready Pod
 * was granted and the Pod asked to go; before that, the budget's status named the Pod among those given up
 * (`disruptedPods`), first in a version that allowed one fewer than the one before it.
 * Not verified: that something comes in its place.
 */
export function evictionIsGranted(budget: string, pod: string, asked: Asked): Guarantee {
  return guarantee('evictionIsGranted', resources, asked, (window) => {
    const room = roomAtStart(window, budget);
    if (typeof room === 'string') return undecided(room);
    if (room.count.allowed === 0) return undecided('no Pod could go when the span began');
    return ofOne(window, pod, asked, (life, answer) => {
      if (answer.is !== 'granted')
        return breach(`the eviction of ${pod} was answered with ${wordsOf(answer)}`, life.first, answer.entry);
      if (isBooked(window, room.budget, pod)) return notGone(life, answer);
      return breach(`the eviction of ${pod} was granted without being booked in the budget`, answer.entry);
    });
  });
}

/**
 * "… whose eviction was processed by the API server and not yet observed by the controller": a Pod whose eviction was granted
 * counts no more, whether it has gone or not; and no grant is forgotten when several come at once.
 *
 * Verified: evictions of this moment were granted by the budget and failed at the deletion (409), so that the Pods are there as
 * before; in the quiet window of the disruption controller that follows, the budget names each of them among those given up
 * (`disruptedPods`), first in a version that allowed one fewer than the one before it, and counts the others alone; and there were no more such grants than Pods could go.
 * Not verified: that they are given up only for a time (see `aFailedEvictionIsGivenBack`).
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/#PodDisruptionBudgetStatus
 */
export function evictionsUnderWayAreCountedOut(budget: string, asked: Asked): Guarantee {
  return guarantee('evictionsUnderWayAreCountedOut', resources, asked, (window) => {
    const room = roomAtStart(window, budget);
    if (typeof room === 'string') return undecided(room);
    if (asked.alive !== 'disruption') return undecided('the span is no window of the disruption controller');
    const answers = answersAt(window, asked.moment).filter(({ is }) => is !== 'refused' && is !== 'unclear');
    const went = answers.find(({ pod, is }) => is === 'granted' || podAtStart(window, pod)?.deletion !== undefined);
    if (went !== undefined) return undecided(`the eviction of ${went.pod} did not stay under way`);
    const after = budgetAt(window, budget, window.to);
    const due = after === undefined ? `the budget ${budget} did not stay` : countAt(window, after, window.to);
    if (typeof due === 'string') return undecided(due);
    const { disruptedPods = {}, currentHealthy = 0, disruptionsAllowed = 0 } = after?.status ?? {};
    const names = [...new Set(answers.map(({ pod }) => pod))];
    return each(answers, 'evictions under way', ({ pod, entry }) => {
      if (entry.code !== 409) return breach(`the eviction of ${pod} was answered with ${entry.code}`, entry);
      if (names.indexOf(pod) >= room.count.allowed)
        return breach(`${names.length} Pods were given up where ${room.count.allowed} could go`, entry);
      if (disruptedPods[pod] === undefined)
        return breach(`the budget does not know that ${pod} is being evicted`, entry);
      if (!isBooked(window, room.budget, pod))
        return breach(`the eviction of ${pod} was granted without being booked in the budget`, entry);
      const isRight = currentHealthy === due.healthy && disruptionsAllowed === due.allowed;
      if (isRight) return undefined;
      return breach(`the budget counts ${currentHealthy} healthy, and ${due.healthy} is right without ${pod}`, entry);
    });
  });
}

/** What the controller waits for a Pod to go whose eviction was granted. */
const givenUpForMs = 120_000;

/**
 * "If Pod deletion didn't occur … within the reasonable time, the Pod is removed from the list": what was given up and is there yet counts again.
 *
 * Verified: when the span began, the budget named this Pod, which is there, among those given up; at the end of a quiet window of the disruption controller the Pod is
 * the same one, Ready and not on its way out, and the budget does not name it. That it does counts once the server has made a Pod two minutes after that eviction, by its own clock.
 * Not verified: how soon; what the budget then counts (see `budgetCountsItsPods`).
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/#PodDisruptionBudgetStatus
 */
export function aFailedEvictionIsGivenBack(budget: string, pod: string, span: Span): Guarantee {
  return guarantee('aFailedEvictionIsGivenBack', resources, span, (window) => {
    const since = budgetAt(window, budget, window.from)?.status?.disruptedPods?.[pod];
    const after = budgetAt(window, budget, window.to);
    if (span.alive !== 'disruption') return undecided('the span is no window of the disruption controller');
    if (since === undefined || after === undefined)
      return undecided(`the budget ${budget} did not name ${pod} when the span began`);
    const life = podAtStart(window, pod);
    const stays = life !== undefined && life.deletion === undefined && isReady(life.last.object);
    if (!stays) return undecided(`${pod} was not there, Ready and not Terminating, to the end of the span`);
    const made = [...window.stateAtEnd('pods').values()].map(({ metadata }) =>
      Date.parse(metadata.creationTimestamp ?? since),
    );
    const isDue = Math.max(...made) >= Date.parse(since) + givenUpForMs;
    const isNamed = after.status?.disruptedPods?.[pod] === since;
    if (isNamed && !isDue) return undecided(`the eviction of ${pod} was not two minutes ago`);
    return each([life], 'Pods whose eviction came to nothing', () =>
      isNamed ? breach(`the budget ${budget} has given ${pod} up for good`, life.last) : undefined,
    );
  });
}

/**
 * "… there is a misconfiguration, like if multiple PodDisruptionBudgets reference the same Pod": the API server does not choose.
 *
 * Verified: when the span began there were several budgets over this Pod; its eviction was answered with 500 for this
 * reason, and it is the Pod it was, not Terminating, to the end of a quiet window.
 * Not verified: that a budget alone would have allowed it.
 */
export function evictionIsAmbiguous(pod: string, asked: Asked): Guarantee {
  return guarantee('evictionIsAmbiguous', resources, asked, (window) => {
    const life = podAtStart(window, pod);
    const object = life === undefined ? undefined : objectAt(life, window.from);
    const over = [...window.stateAtStart('poddisruptionbudgets').values()].filter(
      (budget) => object !== undefined && coveredBy(budget, [object]).length === 1,
    );
    if (over.length < 2) return undecided(`there were not several budgets over ${pod} when the span began`);
    return ofOne(
      window,
      pod,
      asked,
      (found, answer) => {
        const isRight = answer.entry.code === 500 && wordsOf(answer).includes(severalBudgets);
        return isRight
          ? notSpared(found, answer)
          : breach(`the eviction of ${pod} was answered with ${wordsOf(answer)}`, found.first, answer.entry);
      },
      'of any kind',
    );
  });
}

interface Room {
  readonly budget: Budget;
  readonly count: Count;
}

/** The budget as it was when the span began, and how many Pods could go by the Pods themselves. */
function roomAtStart(window: Window, name: string): Room | string {
  const budget = budgetAt(window, name, window.from);
  if (budget === undefined) return `there was no budget ${name} when the span began`;
  const count = countAt(window, budget, window.from);
  return typeof count === 'string' ? count : { budget, count };
}

/** Examines the answers to the evictions of one Ready Pod: of those that speak of the budget, unless any kind is meant. */
function ofOne(
  window: Window,
  pod: string,
  asked: Asked,
  check: (life: ObjectLife<'pods'>, answer: EvictionAnswer) => ReturnType<typeof notGone>,
  kind: 'about the budget' | 'of any kind' = 'about the budget',
): Findings {
  const life = podAtStart(window, pod);
  const object = life === undefined ? undefined : objectAt(life, window.from);
  if (life === undefined || object === undefined || !isReady(object) || !isRunning(object))
    return undecided(`${pod} was not Running and Ready when the span began`);
  const doubt = doubtAboutEnd(asked);
  if (doubt !== undefined) return undecided(doubt);
  const answers = answersAt(window, asked.moment).filter((answer) => answer.pod === pod);
  const unclear = answers.find(({ is }) => is === 'unclear');
  if (unclear !== undefined && kind === 'about the budget')
    return undecided(`the eviction of ${pod} was answered with ${wordsOf(unclear)}`);
  return each(answers, 'answers to evictions', (answer) => check(life, answer));
}

function doubtAboutEnd({ alive }: Asked): string | undefined {
  return alive === undefined ? 'the span does not end with a quiet window' : undefined;
}

/** Why nothing can be said of a rush: nothing was at stake, or more could go as time went on. */
function doubtAboutRush(
  window: Window,
  { budget, count }: Room,
  names: readonly string[],
  lives: readonly ObjectLife<'pods'>[],
): string | undefined {
  if (names.length <= count.allowed) return `${names.length} Pods were to be evicted, and ${count.allowed} could go`;
  const healthy = (life: ObjectLife<'pods'>, index: number): boolean => {
    const object = objectAt(life, index);
    return object !== undefined && isHealthy(budget, object);
  };
  const isComplete = lives.length === names.length && lives.every((life) => healthy(life, window.from));
  if (!isComplete) return 'not every Pod to be evicted was Ready when the span began';
  const before = new Set(
    [...window.stateAtStart('pods').values()].filter((pod) => isReady(pod)).map((pod) => pod.metadata.uid),
  );
  const fresh = window
    .changes('pods')
    .find(({ type, object }) => type !== 'deleted' && isReady(object) && !before.has(object.metadata.uid));
  return fresh === undefined
    ? undefined
    : `${fresh.object.metadata.name} became Ready meanwhile, so that more could go`;
}

/** Whether the first version of the budget that gave the Pod up allowed one fewer than the version before: the API server's own, not what the controller made of it. */
function isBooked(window: Window, { metadata }: Budget, pod: string): boolean {
  const versions = window.history
    .changes('poddisruptionbudgets', -1, window.to)
    .filter(({ object }) => object.metadata.uid === metadata.uid)
    .map(({ index, object }) => ({ index, ...object.status }));
  return versions.some(({ index, disruptedPods, disruptionsAllowed = 0 }, position) => {
    const { disruptionsAllowed: allowedBefore = 0, disruptedPods: givenUpBefore } = versions[position - 1] ?? {};
    const isFirst = disruptedPods?.[pod] !== undefined && givenUpBefore?.[pod] === undefined;
    return index > window.from && isFirst && disruptionsAllowed === allowedBefore - 1;
  });
}

function indexOf({ deletion }: ObjectLife<'pods'>): number {
  return deletion?.index ?? Infinity;
}
