import type { Change, Observation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { controllerOf, isReady, isTerminating } from '../history/pods.ts';
import { isControlledBy, ordinalOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { doubtAboutReturn, missingAtEnd } from './absence.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

type PodChange = Change<'pods'>;

/**
 * "The Pods' names take the form <statefulset name>-<ordinal index>": the set's Pods have exactly these names.
 *
 * Verified: every Pod seen that the set controls, that goes by one of its names, or that its headless Service selects, has the name of one of the ordinals and is
 * controlled by the StatefulSet, by its uid; each ordinal was seen.
 * Not verified: that they were there at the same time.
 */
export function podNamesAreExactly(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('podNamesAreExactly', ['pods', 'services', 'statefulsets'], span, (window) => {
    const selector = selectorOf(window, set);
    if (selector === undefined)
      return undecided(`the Service ${set.service}, which selects the Pods, was not recorded`);
    const owners = new Set(
      window.history
        .changes('statefulsets', -1, window.to)
        .filter((change) => change.object.metadata.name === set.name)
        .map((change) => change.object.metadata.uid),
    );
    const expected = ordinals.map((ordinal) => podNameOf(set, ordinal));
    const changes = window.changes('pods').filter((change) => isOfSet(set, selector, change.object));
    return together(
      each(changes, 'changes of Pods', (change) => {
        const { name } = change.object.metadata;
        if (!expected.includes(name)) return breach(`there was a Pod ${name}`, change);
        const owner = controllerOf(change.object);
        if (owner?.kind === 'StatefulSet' && owners.has(owner.uid)) return undefined;
        return breach(
          `${name} is controlled by ${owner === undefined ? 'nobody' : `${owner.kind} ${owner.name}`}`,
          change,
        );
      }),
      each(expected, 'names', (name) =>
        changes.some((change) => change.object.metadata.name === name)
          ? undefined
          : missingAtEnd(window, `there was no Pod ${name}`),
      ),
    );
  });
}

/**
 * "A unique ordinal index that is assigned to each Pod by the StatefulSet controller."
 *
 * Verified: at every change the labels `apps.kubernetes.io/pod-index` and `statefulset.kubernetes.io/pod-name` agree with the Pod's name; no Pod of the set is added while
 * another of its ordinal is there, and none goes by a name without an ordinal; at the end the ordinals are 0 to n-1 without a hole.
 * Not verified: clusters older than Kubernetes 1.28, which did not set the first label.
 */
export function eachOrdinalIsUnique(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('eachOrdinalIsUnique', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const changes = window
      .changes('pods')
      .filter(({ object }) => ordinalOf(set, object.metadata.name) !== undefined || isControlledBy(set, object));
    const ordinals = livesAt(lives, window.to)
      .map((life) => life.ordinal)
      .toSorted((a, b) => a - b);
    return together(
      each(changes, 'changes of Pods', (change) => mislabelled(set, change)),
      each(lives, 'Pods', (life) => {
        const twin = livesAt(lives, life.first.index).find(
          (other) => other.ordinal === life.ordinal && other.uid !== life.uid,
        );
        if (twin === undefined) return undefined;
        return breach(`there were two Pods of ordinal ${life.ordinal}`, twin.first, life.first);
      }),
      each(ordinals, 'ordinals at the end', (ordinal, position) =>
        ordinal === position ? undefined : missingAtEnd(window, `there was no Pod of ordinal ${position}`),
      ),
    );
  });
}

/**
 * "Each Pod has a stable hostname based on its ordinal index."
 *
 * Verified: at that moment `hostname`, run in the container of each of these Pods, printed the Pod's name and nothing else, and the Pod's spec has that hostname and the
 * headless Service as its subdomain.
 * Not verified: what DNS makes of it (see dns.ts).
 */
export function hostnamesArePodNames(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return guarantee('hostnamesArePodNames', ['pods'], spanOf(asked), (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const answers = ordinals.map((ordinal) => {
      const pod = pods.find((each) => each.ordinal === ordinal);
      const output = hostnameOutput(window, asked.moment, podNameOf(set, ordinal));
      return pod === undefined || output === undefined ? undefined : { pod, output };
    });
    const missing = answers.indexOf(undefined);
    if (missing >= 0) return undecided(`the hostname of ${podNameOf(set, ordinals[missing] ?? 0)} is not known`);
    return each(
      answers.filter((answer) => answer !== undefined),
      'hostnames',
      ({ pod, output }) => {
        const { hostname, subdomain } = pod.change.object.spec ?? {};
        if (output.stdout !== `${pod.name}\n`)
          return breach(`the hostname in ${pod.name} is “${output.stdout.trim()}”`, pod.change, output);
        if (hostname === pod.name && subdomain === set.service) return undefined;
        return breach(`the spec of ${pod.name} has hostname ${hostname}, subdomain ${subdomain}`, pod.change);
      },
    );
  });
}

/**
 * "Wait for the StatefulSet to restart them, and for both Pods to transition to Running and Ready."
 *
 * Verified: the Pods of these ordinals that were there when the span began were all asked to go within it; at its end each of them is gone and another Pod of its
 * name is there, Running and Ready, not Terminating, and there is no further Pod of the set. That there is none counts only if the controller was seen at
 * work twice since.
 * Not verified: how long it took, nor in which order (see `eachReplacementWaitsForItsPredecessors`).
 */
export function eachPodIsReplaced(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('eachPodIsReplaced', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const before = livesAt(lives, window.from);
    const deleted = ordinals.map((ordinal) => before.find((life) => life.ordinal === ordinal));
    const kept = deleted.findIndex((life) => life?.deletion === undefined);
    if (kept >= 0) return undecided(`${podNameOf(set, ordinals[kept] ?? 0)} was not there and then deleted`);
    const after = livesAt(lives, window.to);
    const doubts = ordinals
      .filter((ordinal) => after.every((life) => life.ordinal !== ordinal))
      .flatMap((ordinal) => lives.findLast((life) => life.ordinal === ordinal) ?? [])
      .map((life) => doubtAboutReturn(window, life));
    const [doubt] = doubts.filter((each) => each !== undefined);
    return unlessInDoubt(
      doubt,
      together(
        each(
          deleted.filter((life) => life !== undefined),
          'deleted Pods',
          (old) => unreplaced(window, old, after, doubt === undefined),
        ),
        each(after, 'Pods at the end', (life) =>
          ordinals.includes(life.ordinal) ? undefined : breach(`${life.name} is there as well`, life.first),
        ),
      ),
    );
  });
}

/**
 * "The Pods' ordinals, hostnames … have not changed": a Pod that comes back has the identity of the one before.
 *
 * Verified: for each ordinal the Pod's name, index label, hostname and subdomain in its spec, and what `hostname` prints in its container, are the same at both moments, while
 * uid and start time differ: it is another Pod.
 * Not verified: names in DNS (see `dnsNamesStayTheSame`).
 */
export function identityIsKept(set: OrdinalSet, ordinals: readonly number[], before: Asked, after: Asked): Guarantee {
  return guarantee('identityIsKept', ['pods'], { from: before.from, to: after.to }, (window) => {
    const old = identitiesAt(window, set, ordinals, before);
    const now = identitiesAt(window, set, ordinals, after);
    if (typeof old === 'string') return undecided(old);
    if (typeof now === 'string') return undecided(now);
    const same = old.findIndex((identity, position) => identity.pod.uid === now[position]?.pod.uid);
    if (same >= 0) return undecided(`${old[same]?.pod.name} is the same Pod at both moments`);
    return each(old, 'Pods that came back', (was, position) => {
      const is = now[position];
      if (is === undefined) return undefined;
      if (is.words !== was.words)
        return breach(
          `${was.pod.name} was ${was.words} and is ${is.words}`,
          was.pod.change,
          is.pod.change,
          was.output,
          is.output,
        );
      const started = is.pod.change.object.status?.startTime;
      if (started !== undefined && started !== was.pod.change.object.status?.startTime) return undefined;
      return breach(`${was.pod.name} has the start time of the Pod before`, was.pod.change, is.pod.change);
    });
  });
}

function spanOf(asked: Asked): Span {
  return { from: asked.from, to: asked.to };
}

/** What the headless Service selects by, from its last change: it may be gone at the end. */
function selectorOf(window: Window, set: OrdinalSet): Readonly<Record<string, string>> | undefined {
  return window.history
    .changes('services', -1, window.to)
    .findLast((change) => change.object.metadata.name === set.service)?.object.spec?.selector;
}

function isOfSet(set: OrdinalSet, selector: Readonly<Record<string, string>>, pod: Recorded<'pods'>): boolean {
  const labels = pod.metadata.labels ?? {};
  const isSelected = Object.entries(selector).every(([name, value]) => labels[name] === value);
  return isSelected || isControlledBy(set, pod) || ordinalOf(set, pod.metadata.name) !== undefined;
}

function mislabelled(set: OrdinalSet, change: PodChange): Breach | undefined {
  const { name, labels } = change.object.metadata;
  const ordinal = ordinalOf(set, name);
  if (ordinal === undefined) return breach(`${name} has no ordinal`, change);
  const index = labels?.['apps.kubernetes.io/pod-index'];
  if (index !== String(ordinal)) return breach(`${name} is labelled with the index ${index}`, change);
  const podName = labels?.['statefulset.kubernetes.io/pod-name'];
  return podName === name ? undefined : breach(`${name} is labelled with the name ${podName}`, change);
}

function unreplaced(window: Window, old: PodLife, after: readonly PodLife[], isCertain: boolean): Breach | undefined {
  const now = after.find((life) => life.ordinal === old.ordinal && life.uid !== old.uid);
  if (old.gone === undefined)
    return breach(`the deleted ${old.name} is still there`, old.deletion ?? old.last, old.last);
  if (now === undefined) return isCertain ? missingAtEnd(window, `${old.name} did not come back`) : undefined;
  if (isReadyAt(now, window.to) && !isTerminating(now.last.object)) return undefined;
  return breach(`the new ${old.name} is not Running and Ready`, old.gone, now.last);
}

interface IdentityAt {
  readonly pod: SettledPod;
  readonly output: Extract<Observation, { of: 'command' }>;
  readonly words: string;
}

function identitiesAt(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): readonly IdentityAt[] | string {
  const pods = settledPods(window, set, asked);
  if (typeof pods === 'string') return pods;
  const found = ordinals.map((ordinal) => {
    const pod = pods.find((each) => each.ordinal === ordinal && isReady(each.change.object));
    const output = hostnameOutput(window, asked.moment, podNameOf(set, ordinal));
    return pod === undefined || output === undefined ? undefined : { pod, output, words: identityWords(pod, output) };
  });
  const missing = found.indexOf(undefined);
  if (missing >= 0)
    return `${podNameOf(set, ordinals[missing] ?? 0)} was not Ready with a known hostname (${asked.moment})`;
  return found.filter((identity) => identity !== undefined);
}

function identityWords({ name, change }: SettledPod, output: { readonly stdout: string }): string {
  const { metadata, spec } = change.object;
  const index = metadata.labels?.['apps.kubernetes.io/pod-index'];
  return `${name}, index ${index}, hostname ${output.stdout.trim()} (${spec?.hostname}.${spec?.subdomain})`;
}

/** What `hostname` printed in the Pod's container at that moment, if it ran. */
function hostnameOutput(
  window: Window,
  moment: string,
  pod: string,
): Extract<Observation, { of: 'command' }> | undefined {
  return window
    .observations('command', moment)
    .findLast((output) => output.pod === pod && output.argv.join(' ') === 'hostname' && output.exitCode === 0);
}
