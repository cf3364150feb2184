import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isControlledBy, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd, nothingAtEnd } from './absence.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';

/**
 * "Applying the manifest creates the StatefulSet": it is stored as the manifest has it.
 *
 * Verified: the set was made within the span, and every change of it names this headless Service and asks for this number of replicas.
 * Not verified: the rest of its spec.
 */
export function theSetIsStored(set: OrdinalSet, replicas: number, span: Span = {}): Guarantee {
  return guarantee('theSetIsStored', ['statefulsets'], span, (window) => {
    if (setAtEnd(window, set) === undefined) return nothingAtEnd(window, `there is no StatefulSet ${set.name}`);
    const changes = window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
    if (changes[0]?.type !== 'added') return undecided(`${set.name} was not made within the span`);
    return each(changes, 'changes of the set', (change) => {
      const { serviceName, replicas: asked } = change.object.spec ?? {};
      if (serviceName === set.service && asked === replicas) return undefined;
      return breach(`${set.name} has serviceName ${serviceName} and ${asked} replicas`, change);
    });
  });
}

/**
 * "The set creates exactly two Pods."
 *
 * Verified: at the end of the span the Pods that the set controls (by its uid) are of exactly these ordinals, and no Pod of another name was ever seen
 * under its control.
 * Not verified: whether they are Ready.
 */
export function theSetHasExactlyThePods(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('theSetHasExactlyThePods', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAtEnd(window, set);
    if (stored === undefined) return nothingAtEnd(window, `there is no StatefulSet ${set.name}`);
    const expected = ordinals.map((ordinal) => podNameOf(set, ordinal));
    const owned = window
      .changes('pods')
      .filter((change) => isControlledBy(set, change.object) && ownerUid(change) === stored.metadata.uid);
    const there = new Set([...window.stateAtEnd('pods').values()].map((pod) => pod.metadata.uid));
    return together(
      each(owned, 'changes of Pods that the set controls', (change) =>
        expected.includes(change.object.metadata.name)
          ? undefined
          : breach(`${set.name} made ${change.object.metadata.name}`, change),
      ),
      each(expected, 'Pods at the end', (name) =>
        owned.some((change) => change.object.metadata.name === name && there.has(change.object.metadata.uid))
          ? undefined
          : missingAtEnd(window, `${set.name} had no Pod ${name}`),
      ),
    );
  });
}

/** The one port and the labels of a headless Service, as its manifest has them. */
export interface HeadlessService {
  readonly port: { readonly name?: string; readonly port: number };
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * "It creates a headless Service, nginx, to publish the IP addresses of Pods in the StatefulSet."
 *
 * Verified: the Service was made within the span, and in every change of it: no address is allocated (`clusterIP` None, and none in `clusterIPs`), it has exactly the
 * one port and exactly the selector.
 * Not verified: what it publishes.
 */
export function theServiceIsHeadless(set: OrdinalSet, service: HeadlessService, span: Span = {}): Guarantee {
  return guarantee('theServiceIsHeadless', ['services'], span, (window) => {
    const changes = window.changes('services').filter((change) => change.object.metadata.name === set.service);
    const [first] = changes;
    if (first === undefined) return nothingAtEnd(window, `there is no Service ${set.service}`);
    if (first.type !== 'added') return undecided(`${set.service} was not made within the span`);
    return each(changes, 'changes of the Service', (change) => unlikeManifest(change, service));
  });
}

/**
 * A Service for clients has an address of its own, behind which its Pods are.
 *
 * Verified: at the end of the span there is a Service of this name, and its `clusterIP` is an address.
 * Not verified: that anything answers there.
 */
export function theServiceHasAnAddress(name: string, span: Span = {}): Guarantee {
  return guarantee('theServiceHasAnAddress', ['services'], span, (window) => {
    const service = window.changes('services').findLast((change) => change.object.metadata.name === name);
    if (service === undefined || service.type === 'deleted') return nothingAtEnd(window, `there is no Service ${name}`);
    const address = service.object.spec?.clusterIP ?? '';
    return each([service], 'Services', () =>
      /^[0-9a-f.:]*[.:][0-9a-f.:]*$/i.test(address)
        ? undefined
        : breach(`${name} has the address “${address}”`, service),
    );
  });
}

/**
 * "… is the default": a field that nobody set has this value.
 *
 * Verified: the set was made within the span, and its stored spec has the value from its first change to its last, while no manager of its fields claims the
 * field: the server filled it in.
 * Not verified: how the controller behaves by it.
 *
 * `path` leads from the spec: `['updateStrategy', 'type']`.
 */
export function theServerFillsIn(
  set: OrdinalSet,
  path: readonly [string, ...string[]],
  value: unknown,
  span: Span = {},
): Guarantee {
  return guarantee('theServerFillsIn', ['statefulsets'], span, (window) => {
    const changes = window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
    const [first] = changes;
    const field = path.join('.');
    if (first?.type !== 'added') return undecided(`${set.name} was not made within the span`);
    const findings = each(changes, `changes of the set with ${field} ${JSON.stringify(value)}`, (change) => {
      const stored = follow(change.object.spec, path);
      return stored === value ? undefined : breach(`spec.${field} is ${JSON.stringify(stored)}`, change);
    });
    return unlessInDoubt(doubtAboutManagers(changes, path), findings);
  });
}

function doubtAboutManagers(
  changes: readonly Change<'statefulsets'>[],
  path: readonly [string, ...string[]],
): string | undefined {
  const managers = changes.map((change) => change.object.metadata.managedFields ?? []);
  if (managers.some((entries) => entries.length === 0))
    return 'the recording does not tell who manages the fields of the set';
  const keys = ['f:spec', ...path.map((step) => `f:${step}`)];
  const owner = managers.flat().find((entry) => follow(entry.fieldsV1, keys) !== undefined);
  return owner === undefined
    ? undefined
    : `spec.${path.join('.')} is no default: ${owner.manager ?? 'somebody'} set it`;
}

function follow(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, step) => (found as Record<string, unknown> | null | undefined)?.[step], value);
}

function setAtEnd(window: Window, set: OrdinalSet): Recorded<'statefulsets'> | undefined {
  return [...window.stateAtEnd('statefulsets').values()].find((each) => each.metadata.name === set.name);
}

function ownerUid(change: Change<'pods'>): string | undefined {
  return change.object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}

function unlikeManifest(change: Change<'services'>, { port, selector }: HeadlessService): Breach | undefined {
  const { spec } = change.object;
  const addresses = new Set([spec?.clusterIP, ...(spec?.clusterIPs ?? [])]);
  addresses.delete('None');
  if (addresses.size > 0)
    return breach(`${change.object.metadata.name} has the address ${[...addresses].join(', ')}`, change);
  const ports = (spec?.ports ?? []).map((each) => portInWords(each)).join(', ');
  if (ports !== portInWords(port)) return breach(`${change.object.metadata.name} has the ports ${ports}`, change);
  const labels = wordsOf(spec?.selector ?? {});
  return labels === wordsOf(selector) ? undefined : breach(`${change.object.metadata.name} selects ${labels}`, change);
}

function portInWords({ name, port }: { readonly name?: string; readonly port: number }): string {
  return name === undefined ? String(port) : `${name}/${port}`;
}

function wordsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(', ');
}
