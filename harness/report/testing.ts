import type { Entry, NewEntry } from '../history/entries.ts';
import type { HistoryHeader, History } from '../history/history.ts';
import { Recording } from '../history/recording.ts';
import { resourceNames } from '../history/resources.ts';
import type { Judgement } from '../run.ts';
import type { CatalogueFacts, RunFacts } from './gather.ts';

/** A scripted story for tests of the report: a clock that is moved by hand, and words for what clusters do. */
export class Script {
  readonly startMs = Date.UTC(2026, 0, 1, 12);
  readonly #recording: Recording;
  #nowMs = this.startMs;
  #version = 0;

  constructor() {
    this.#recording = new Recording(() => this.#nowMs);
  }

  after(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  entry(entry: NewEntry): this {
    this.#recording.append(entry);
    return this;
  }

  pod(
    name: string,
    look: 'Pending' | 'Running' | 'Ready' | 'Terminating' | 'gone',
    { uid = `${name}-uid`, type, revision = 'web-a', node = 'worker' }: PodWords = {},
  ): this {
    const phase = look === 'Pending' ? 'Pending' : 'Running';
    const object = {
      metadata: {
        ...this.#identity(name, uid),
        labels: { 'controller-revision-hash': revision },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'web-uid', controller: true },
        ],
        ...(look === 'Terminating' || look === 'gone' ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}),
      },
      spec: { nodeName: node, volumes: [{ name: 'www', persistentVolumeClaim: { claimName: `www-${name}` } }] },
      status: {
        phase,
        conditions: [{ type: 'Ready', status: look === 'Ready' || look === 'Terminating' ? 'True' : 'False' }],
      },
    };
    return this.#change(
      'pods',
      type ?? (look === 'gone' ? 'deleted' : look === 'Pending' ? 'added' : 'modified'),
      object,
    );
  }

  claim(name: string, phase: 'Pending' | 'Bound', type: 'added' | 'modified' = 'modified'): this {
    return this.#change('persistentvolumeclaims', type, {
      metadata: this.#identity(name, `${name}-uid`),
      spec: {},
      status: { phase },
    });
  }

  set(replicas: number, ready: number, generation = 1, type: 'added' | 'modified' = 'modified'): this {
    return this.#change('statefulsets', type, {
      metadata: { ...this.#identity('web', 'web-uid'), generation },
      spec: { replicas },
      status: { replicas: ready, readyReplicas: ready, currentRevision: 'web-a', updateRevision: 'web-a' },
    });
  }

  /** A call that takes `ms`. */
  call(verb: string, target: string, ms = 20, detail?: string): this {
    const call = this.#recording.nextCall();
    const said = detail === undefined ? {} : { detail };
    this.entry({ kind: 'operation', call, phase: 'invoked', verb, target, ...said });
    return this.after(ms).entry({ kind: 'operation', call, phase: 'succeeded', verb, target });
  }

  asksDns(name: string, status: 'NOERROR' | 'NXDOMAIN' | 'TIMEOUT', addresses: readonly string[] = []): this {
    return this.entry({
      kind: 'observation',
      of: 'dns',
      moment: 'while it runs',
      question: { name, type: 'A' },
      status,
      addresses,
      services: [],
    });
  }

  waited(what: string, ms: number): this {
    return this.entry({
      kind: 'observation',
      of: 'wait',
      moment: what,
      for: what,
      beganAtMs: this.#nowMs - ms,
      endedBy: { resource: 'pods', atMs: this.#nowMs },
    });
  }

  fence(name: string): this {
    return this.entry({ kind: 'fence', name, lists: { pods: String(this.#version) } });
  }

  get entries(): readonly Entry[] {
    return this.#recording.entries;
  }

  seal(header: Partial<HistoryHeader> = {}, telling: History['telling'] = { status: 'told', told: {} }): History {
    return this.#recording.seal(
      {
        schema: 'steadfast/history/1',
        run: 'sample',
        tutorial: 'web-basics',
        story: 'three replicas are created',
        namespace: 'sample',
        startedAtMs: this.startMs,
        server: { version: 'v1.34.4', provider: 'kind' },
        resources: resourceNames,
        variations: [],
        ...header,
      },
      telling,
    );
  }

  #identity(name: string, uid: string): object {
    this.#version += 1;
    return { name, namespace: 'sample', uid, resourceVersion: String(this.#version) };
  }

  #change(resource: string, type: string, object: object): this {
    return this.entry({ kind: 'change', resource, type, object } as unknown as NewEntry);
  }
}

interface PodWords {
  readonly uid?: string;
  readonly type?: 'present' | 'added' | 'modified';
  readonly revision?: string;
  readonly node?: string;
}

/** Two replicas are created one after the other; web-0 is deleted and comes back under a new uid. */
export function createdStory(): History {
  const script = new Script();
  script.call('apply', 'statefulsets/web', 30, 'two replicas').after(15).set(2, 0, 1, 'added');
  script.after(20).claim('www-web-0', 'Pending', 'added').pod('web-0', 'Pending');
  script.after(900).claim('www-web-0', 'Bound').after(700).pod('web-0', 'Running').after(300).pod('web-0', 'Ready');
  script.after(30).claim('www-web-1', 'Pending', 'added').pod('web-1', 'Pending');
  script.after(900).claim('www-web-1', 'Bound').after(800).pod('web-1', 'Running').after(400).pod('web-1', 'Ready');
  script.set(2, 2).waited('web to be ready', 4000).after(40).fence('created');
  script.after(100).asksDns('web-0.nginx.sample.svc.cluster.local', 'NOERROR', ['10.0.0.4']);
  script.call('delete', 'pods/web-0').after(10).pod('web-0', 'Terminating');
  script.after(600).asksDns('web-0.nginx.sample.svc.cluster.local', 'NXDOMAIN').after(300).pod('web-0', 'gone');
  script.after(25).pod('web-0', 'Pending', { uid: 'second', revision: 'web-b' }).after(1200);
  script.pod('web-0', 'Running', { uid: 'second', revision: 'web-b' }).after(200);
  script.pod('web-0', 'Ready', { uid: 'second', revision: 'web-b' }).after(60).fence('replaced');
  return script.seal({ variations: ['probes every second instead of every ten'] });
}

/** Both replicas at once: what an ordered set must never do. */
export function burstStory(): History {
  const script = new Script();
  script.call('apply', 'statefulsets/web', 25).set(2, 0, 1, 'added').after(12);
  script.pod('web-0', 'Pending').after(8).pod('web-1', 'Pending').after(1500);
  script.pod('web-1', 'Ready').after(300).pod('web-0', 'Ready').after(50).fence('created');
  return script.seal({ story: 'two replicas appear at once' });
}

export const sampleCatalogue: CatalogueFacts = {
  'web.ordered-creation': sampleClaim('Ordered Pod Creation', 'Pods are created one at a time: `web-0`, then `web-1`.'),
  'web.gated': sampleClaim('Ordered Pod Creation', '`web-1` waits until `web-0` is Running & Ready.'),
  'web.identity': sampleClaim('Pods in a StatefulSet', 'A Pod that is replaced keeps its name.'),
  'webpar.burst': { ...sampleClaim('Parallel', 'All Pods are launched at once.'), tutorial: 'web-parallel' },
};

function sampleClaim(section: string, says: string): CatalogueFacts[string] {
  return {
    tutorial: 'web-basics',
    section,
    says,
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/#basic',
  };
}

export function sampleFacts(facts: Partial<RunFacts> = {}): RunFacts {
  return {
    id: '20260101-1200-test',
    startedAtMs: Date.UTC(2026, 0, 1, 12),
    durationMs: 95_400,
    commit: '0123456789abcdef0123456789abcdef01234567',
    argv: ['certify', '--tutorial', 'web-basics'],
    status: 'complete',
    cluster: {
      provider: 'kind',
      name: 'steadfast',
      version: 'v1.34.4',
      way: 'built',
      nodes: [{ name: 'steadfast-worker', roles: ['worker'], version: 'v1.34.4' }],
      storageClasses: [
        {
          name: 'standard',
          provisioner: 'rancher.io/local-path',
          isDefault: true,
          bindingMode: 'WaitForFirstConsumer',
          reclaimPolicy: 'Delete',
        },
      ],
    },
    images: [
      {
        name: 'registry.k8s.io/nginx-slim:0.8',
        used: 'steadfast/nginx-slim:abc',
        fidelity: 'rebuilt',
        why: 'nginx 1.22 for 1.11',
      },
    ],
    tutorials: [{ id: 'web-basics', title: 'StatefulSet Basics' }],
    asked: () => true,
    ...facts,
  };
}

/** A judgement by the story whose history is `histories/<stem>.jsonl`. Its claim need not be in the real catalogue. */
export function judged(
  claim: string,
  outcome: Judgement['outcome'],
  more: Partial<Judgement> & { readonly stem?: string } = {},
): Judgement {
  const { stem = 'web-basics--created', ...rest } = more;
  const judgement = {
    claim,
    tutorial: claim.startsWith('webpar.') ? 'web-parallel' : 'web-basics',
    kind: 'claim',
    outcome,
    ...(outcome === 'upheld' ? { examined: { count: 2, of: 'Pod additions' } } : { because: 'for a reason' }),
    stories: [
      { title: 'three replicas are created', file: `histories/${stem}.jsonl`, status: 'told', durationMs: 9000 },
    ],
    guarantees: ['eachPodIsAddedInOrdinalOrder'],
    durationMs: 12,
    line: 'suites/web-basics/web-basics.suite.ts:42',
    ...rest,
  };
  return judgement as unknown as Judgement;
}
