import type { Change, Entry, Observation, Operation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isReady, revisionOf } from '../history/pods.ts';

/** An entry in two parts: what it is about, and what it says of it. */
export interface Description {
  /** `pods/web-1`, `scale statefulsets/web`, `dns A web-0.nginx`. */
  readonly subject: string;
  readonly says: string;
}

/**
 * A counterexample as a short timeline in text, one line per entry: seconds, what it is about, what changed. Seconds count from
 * `startMs`, the first entry's moment unless given.
 */
export function describeCounterexample(entries: readonly Entry[], startMs = entries[0]?.atMs ?? 0): string {
  const rows = entries.map((entry) => ({ seconds: secondsSince(startMs, entry.atMs), ...describeEntry(entry) }));
  const timeWidth = Math.max(0, ...rows.map((row) => row.seconds.length));
  const subjectWidth = Math.max(0, ...rows.map((row) => row.subject.length));
  return rows
    .map((row) => `${row.seconds.padStart(timeWidth)}  ${row.subject.padEnd(subjectWidth)}  ${row.says}`)
    .join('\n');
}

export function describeEntry(entry: Entry): Description {
  switch (entry.kind) {
    case 'change':
      return { subject: `${entry.resource}/${entry.object.metadata.name}`, says: describeChange(entry) };
    case 'operation':
      return { subject: `${entry.verb} ${entry.target}`, says: describeOperation(entry) };
    case 'observation':
      return describeObservation(entry);
    case 'gap':
      return { subject: `gap in ${entry.resource}`, says: entry.because };
    case 'fence':
      return { subject: 'fence', says: `“${entry.name}”` };
  }
}

/** Where an object stands after a change, in a few words. Never the object itself. */
export function describeObject(change: Change): readonly string[] {
  switch (change.resource) {
    case 'pods':
      return describePod(change.object);
    case 'statefulsets':
      return describeSet(change.object);
    case 'persistentvolumeclaims':
      return [
        change.object.status?.phase ?? 'no phase',
        ...said('volume', change.object.spec?.volumeName),
        ...terminating(change.object),
      ];
    case 'persistentvolumes':
      return [
        change.object.status?.phase ?? 'no phase',
        ...said('claim', change.object.spec?.claimRef?.name),
        ...terminating(change.object),
      ];
    case 'nodes':
      return describeNode(change.object);
    case 'events':
      return [change.object.reason, change.object.involvedObject.name, change.object.message].filter(isThere);
    case 'controllerrevisions':
      return [`revision ${change.object.revision}`];
    case 'endpointslices':
      return [`${change.object.endpoints?.length ?? 0} endpoints`];
    case 'services':
      return said('clusterIP', change.object.spec?.clusterIP);
    case 'poddisruptionbudgets':
      return describeBudget(change.object);
    case 'deployments':
    case 'replicasets':
      return describeReplicas(change.object);
    case 'secrets':
      return [change.object.type ?? 'no type', `keys ${Object.keys(change.object.data ?? {}).join(', ') || 'none'}`];
    case 'serviceaccounts':
      return [];
  }
}

export function shortUid(uid: string): string {
  return uid.slice(0, 8);
}

/** `12.345 s`. */
export function secondsSince(startMs: number, atMs: number): string {
  return `${((atMs - startMs) / 1000).toFixed(3)} s`;
}

function describeChange(change: Change): string {
  return `${change.type}: ${[...describeObject(change), `uid ${shortUid(change.object.metadata.uid)}`].join(', ')}`;
}

function describePod(pod: Recorded<'pods'>): readonly string[] {
  return [
    pod.status?.phase ?? 'no phase',
    isReady(pod) ? 'Ready' : 'not Ready',
    ...terminating(pod),
    ...said('revision', revisionOf(pod)),
    ...said('on', pod.spec?.nodeName),
  ];
}

function describeSet(set: Recorded<'statefulsets'>): readonly string[] {
  const { spec, status } = set;
  const revisions = [status?.currentRevision, status?.updateRevision].filter(isThere);
  return [
    `${spec?.replicas ?? '?'} replicas asked for`,
    `${status?.replicas ?? 0} made`,
    `${status?.readyReplicas ?? 0} ready`,
    ...said('revisions', [...new Set(revisions)].join(' → ')),
    ...terminating(set),
  ];
}

function describeReplicas(owner: Recorded<'deployments' | 'replicasets'>): readonly string[] {
  const { spec, status } = owner;
  return [
    `${spec?.replicas ?? '?'} replicas asked for`,
    `${status?.replicas ?? 0} made`,
    `${status?.readyReplicas ?? 0} ready`,
    ...terminating(owner),
  ];
}

function describeBudget({ status }: Recorded<'poddisruptionbudgets'>): readonly string[] {
  return [
    `${status?.disruptionsAllowed ?? 0} disruptions allowed`,
    `${status?.currentHealthy ?? 0} of ${status?.expectedPods ?? 0} healthy`,
    `${status?.desiredHealthy ?? 0} needed`,
  ];
}

function describeNode(node: Recorded<'nodes'>): readonly string[] {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  return [ready ? 'Ready' : 'not Ready', ...(node.spec?.unschedulable === true ? ['cordoned'] : [])];
}

function describeOperation({ phase, detail, because }: Operation): string {
  const asked = detail === undefined ? phase : `${phase}: ${clip(detail, 160)}`;
  return because === undefined ? asked : `${asked} (${clip(because, 200)})`;
}

function describeObservation(seen: Observation): Description {
  const { subject, says } = describeFact(seen);
  return { subject, says: seen.of === 'wait' ? says : `${says} (${seen.moment})` };
}

function describeFact(seen: Observation): Description {
  switch (seen.of) {
    case 'dns': {
      const found = [...seen.addresses, ...seen.services.map(({ target, port }) => `${target}:${port}`)].join(' ');
      return { subject: `dns ${seen.question.type} ${seen.question.name}`, says: `${seen.status} ${found}`.trim() };
    }
    case 'http': {
      const answer =
        seen.status === 0 ? `no answer: ${seen.because ?? 'no reason given'}` : `${seen.status} ${clip(seen.body, 80)}`;
      return { subject: `http ${seen.target}`, says: answer.trim() };
    }
    case 'command': {
      const output = clip(seen.stdout === '' ? seen.stderr : seen.stdout, 80);
      return {
        subject: `exec ${seen.pod}`,
        says: `${clip(seen.argv.join(' '), 80)} → exit ${seen.exitCode} ${output}`.trim(),
      };
    }
    case 'api':
      return { subject: `api ${seen.request}`, says: String(seen.code) };
    case 'node':
      return { subject: `node ${seen.node}`, says: `${clip(seen.argv.join(' '), 80)} → ${clip(seen.stdout, 80)}` };
    case 'log': {
      const end = seen.ended ? 'to its end' : 'for a while';
      return { subject: `log of ${seen.pod}`, says: `followed ${end}: ${seen.text.split('\n').length} lines` };
    }
    case 'exchange': {
      const said = seen.because ?? (seen.answer === undefined ? '' : clip(inOneLine(seen.answer), 80));
      const code = seen.code === undefined ? '' : ` ${seen.code}`;
      return {
        subject: `${seen.client} ${seen.target}`,
        says: `${clip(seen.request, 80)} → ${seen.status}${code} ${said}`.trim(),
      };
    }
    case 'write': {
      const because = seen.because === undefined ? '' : `: ${clip(seen.because, 80)}`;
      return {
        subject: `${seen.client} ${seen.target}`,
        says: `${seen.does} ${seen.identity} ${seen.phase}${because}`,
      };
    }
    case 'read':
      return {
        subject: `${seen.client} ${seen.target}`,
        says: `read all of ${seen.ledger}: ${seen.identities.length} there`,
      };
    case 'liveness':
      return { subject: `${seen.controller} controller`, says: `alive: ${seen.seen}` };
    case 'manifest':
      return { subject: `manifest ${seen.file}`, says: `${seen.objects.length} objects` };
    case 'wait':
      return {
        subject: 'wait',
        says: `for ${seen.for}, ${((seen.atMs - seen.beganAtMs) / 1000).toFixed(1)} s`,
      };
  }
}

function inOneLine(answer: unknown): string {
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
}

/** One line, no longer than `length`. */
export function clip(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

function said(what: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`${what} ${value}`];
}

function terminating(object: Recorded): readonly string[] {
  return object.metadata.deletionTimestamp === undefined ? [] : ['Terminating'];
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined && value !== '';
}
