import { deadlines } from '../deadlines.ts';
import { messageOf, RunError } from '../errors.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import { resourcePlaces } from '../history/resources.ts';
import type { DeleteOptions, PatchType } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Place } from '../kube/kinds.ts';
import { compareVersions } from '../history/versions.ts';
import { awaitRecorded, byName, operate, sawInTime, type Lab } from './lab.ts';
import { markedAsOurs, requireOwnVolume } from './ownVolumes.ts';
import type { Eviction } from './verbs.ts';

/** Deletes one recorded object, of this uid and no later one of its name, and returns once the watch has shown it. */
export async function deleteByName(
  lab: Lab,
  resource: ResourceName,
  name: string,
  options: Omit<DeleteOptions, 'uid'> = {},
): Promise<void> {
  const { uid } = required(lab, resource, name).metadata;
  if (resource === 'persistentvolumes') requireOwnVolume(lab, name);
  await operate(lab, 'delete', `${resource}/${name}`, optionsInWords(options), () =>
    lab.kube.delete(placeOf(lab, resource, name), { ...options, uid, signal: lab.signal }),
  );
  await deletionsAreRecorded(lab, resource, [uid], `${resource}/${name}`);
}

/** Deletes all objects with these labels in one call, as `kubectl delete -l` asks for; returns once the watch has shown it for each that was recorded, or goes on where one is spared: that is for guarantees to judge. */
export async function deleteByLabel(
  lab: Lab,
  resource: ResourceName,
  labels: Readonly<Record<string, string>>,
  options: Pick<DeleteOptions, 'propagationPolicy'> = {},
): Promise<void> {
  const wanted = Object.entries(labels);
  const uids = [...lab.recording.state(resource).values()]
    .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
    .map(({ metadata }) => metadata.uid);
  const labelSelector = wanted.map(([key, value]) => `${key}=${value}`).join(',');
  const target = `${resource} with ${labelSelector}`;
  const how = options.propagationPolicy === undefined ? '' : `, ${options.propagationPolicy}`;
  await operate(lab, 'delete', target, `${uids.length} recorded${how}`, () =>
    lab.kube.delete(placeOf(lab, resource), { ...options, signal: lab.signal, query: { labelSelector } }),
  );
  await sawInTime(deletionsAreRecorded(lab, resource, uids, target));
}

/**
 * Patches one object and returns once the watch has shown that version of it, or a later one. A volume, which is cluster-wide, must be the
 * story's own and is labelled as ours in the same call (`merge` patches only).
 */
export async function patchByName<Name extends ResourceName>(
  lab: Lab,
  resource: Name,
  name: string,
  body: object,
  options: { readonly type?: PatchType; readonly subresource?: 'status' | 'scale' } = {},
): Promise<void> {
  const { type = 'merge', subresource } = options;
  const target = `${resource}/${name}${subresource === undefined ? '' : `/${subresource}`}`;
  if (resource === 'persistentvolumes') requireOwnVolume(lab, name);
  const sent = resource === 'persistentvolumes' ? markedAsOurs(lab, body) : body;
  const { metadata } = await operate(lab, 'patch', target, JSON.stringify(body), () =>
    lab.kube.patch(placeOf(lab, resource, name, subresource), sent, type, { signal: lab.signal }),
  );
  const isThere = (): boolean => {
    const object = lab.recording.state(resource).get(metadata.uid);
    return object === undefined || compareVersions(object.metadata.resourceVersion, metadata.resourceVersion) >= 0;
  };
  await awaitRecorded(lab, `the watch to show the patch of ${target}`, isThere, deadlines.recordedMs);
}

/**
 * Asks for the eviction of a Pod, as a drain does, once: a refusal (429) is an answer and is not asked again. Recorded as an operation and, with
 * code and body, as an `api` observation. Does not wait for the Pod to go.
 */
export async function evict(
  lab: Lab,
  moment: string,
  pod: string,
  options: { readonly uid?: string; readonly dryRun?: true } = {},
): Promise<Eviction> {
  const { uid = required(lab, 'pods', pod).metadata.uid, dryRun } = options;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod, namespace: lab.namespace },
    deleteOptions: { preconditions: { uid }, ...(dryRun === true ? { dryRun: ['All'] } : {}) },
  };
  const { code, answer } = await evicted(lab, pod, body);
  const request = `create pods/${pod}/eviction`;
  lab.recording.append({ kind: 'observation', of: 'api', moment, request, code, body: answer });
  return { code, because: code < 400 ? '' : messageIn(answer) };
}

async function evicted(
  lab: Lab,
  pod: string,
  body: object,
): Promise<{ readonly code: number; readonly answer: unknown }> {
  try {
    const answer = await operate(lab, 'evict', `pods/${pod}`, undefined, () =>
      lab.kube.create(placeOf(lab, 'pods', pod, 'eviction'), body, { signal: lab.signal }),
    );
    return { code: codeOf(answer), answer };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, reason, details } = error;
    return { code, answer: { code, reason, message: messageOf(error), details } };
  }
}

/** A refusal may also come as the Status of a call that went through; its code is what counts. */
function codeOf(answer: object): number {
  const { status, code } = answer as { readonly status?: unknown; readonly code?: number };
  return status === 'Failure' && code !== undefined ? code : 201;
}

function placeOf<Name extends ResourceName>(
  lab: Lab,
  resource: Name,
  name?: string,
  subresource?: string,
): Place<Name> {
  return {
    resource,
    ...(resourcePlaces[resource].namespaced ? { namespace: lab.namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function required<Name extends ResourceName>(lab: Lab, resource: Name, name: string): Recorded<Name> {
  const object = byName(lab.recording, resource).get(name);
  if (object === undefined) throw new RunError(`${resource}/${name} is not there`);
  return object;
}

async function deletionsAreRecorded(
  lab: Lab,
  resource: ResourceName,
  uids: readonly string[],
  what: string,
): Promise<void> {
  const seen = (uid: string): boolean => {
    const now = lab.recording.state(resource).get(uid);
    return now === undefined || now.metadata.deletionTimestamp !== undefined;
  };
  const all = (): boolean => uids.every(seen);
  await awaitRecorded(lab, `the watch to show the deletion of ${what}`, all, deadlines.recordedMs);
}

function optionsInWords(options: Omit<DeleteOptions, 'uid'>): string | undefined {
  const words = Object.entries(options).map(([option, value]) => `${option} ${value}`);
  return words.length === 0 ? undefined : words.join(', ');
}

function messageIn(answer: unknown): string {
  return (answer as { readonly message?: string } | undefined)?.message ?? '';
}
