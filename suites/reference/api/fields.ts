import { breaks, claim, describe, heldPending, on, replicas, story, type Stage } from '../../../harness/test.ts';
import { requestIsAccepted, requestIsRefused } from '../../../harness/guarantees/api.ts';
import { changeIsForbidden, onlyThisFieldChanges, specIsKept } from '../../../harness/guarantees/fields.ts';
import { web } from '../web.ts';

const workload = web(replicas(0), heldPending());
const spec = workload.objects.find(({ kind }) => kind === 'StatefulSet')?.['spec'] as {
  readonly template: { readonly metadata: object; readonly spec: object };
  readonly volumeClaimTemplates: readonly { readonly spec: object }[];
};

/** A field of the set's spec, what is asked of it, and the fields that have to go with it to make sense. */
interface Field {
  readonly field: string;
  readonly value: unknown;
  readonly beside?: Readonly<Record<string, unknown>>;
}

const labels = { app: 'nginx', tier: 'front' };
const immutable: readonly Field[] = [
  {
    field: 'selector',
    value: { matchLabels: labels },
    beside: { template: { ...spec.template, metadata: { labels } } },
  },
  { field: 'serviceName', value: 'other' },
  { field: 'podManagementPolicy', value: 'Parallel' },
  {
    field: 'volumeClaimTemplates',
    value: spec.volumeClaimTemplates.map((template) => ({
      ...template,
      spec: { ...template.spec, resources: { requests: { storage: '2Gi' } } },
    })),
  },
];
const mutable: readonly Field[] = [
  { field: 'minReadySeconds', value: 7 },
  { field: 'persistentVolumeClaimRetentionPolicy', value: { whenDeleted: 'Delete', whenScaled: 'Delete' } },
  { field: 'ordinals', value: { start: 3 } },
  { field: 'template', value: { spec: { terminationGracePeriodSeconds: 5 } } },
  { field: 'replicas', value: 2 },
];
/** A strategy without a partition has to say so: what a merge patch leaves out stays. */
const strategy = { field: 'updateStrategy', value: { type: 'OnDelete' } } as const;
const strategyPatch = { type: 'OnDelete', rollingUpdate: null };

const asked = story('each field of a set is changed', async ({ namespace }) => {
  const set = await namespace.deploy(workload);
  await set.isObserved();
  const start = await namespace.mark('as it was made');
  for (const field of immutable) await makes(namespace, inANewSet(field), field);
  for (const field of [...immutable, ...mutable]) await patches(namespace, dry(field), field, true);
  await patches(namespace, dry(strategy), { ...strategy, value: strategyPatch }, true);
  const tried = await namespace.mark('nothing was meant');
  for (const field of immutable) await patches(namespace, field.field, field);
  const refused = await namespace.mark('nothing was to change');
  const spans: Record<string, { readonly from: string; readonly to: string }> = {};
  let from = refused;
  for (const field of [...mutable, { ...strategy, value: strategyPatch }]) {
    await patches(namespace, field.field, field);
    const to = await namespace.mark(`${field.field} has changed`);
    spans[field.field] = { from, to };
    from = to;
  }
  return { web: set, trying: { from: start, to: tried }, refusing: { from: tried, to: refused }, spans };
});

/** Servers up to 1.33 refuse it. */
const limit = { field: 'revisionHistoryLimit', value: 3 } as const;
const limited = story('the number of kept revisions is changed', { since: '1.34' }, async ({ namespace }) => {
  const set = await namespace.deploy(workload);
  await set.isObserved();
  const from = await namespace.mark('as it was made');
  await patches(namespace, limit.field, limit);
  return { web: set, changing: { from, to: await namespace.mark('the limit has changed') } };
});

const restarting = story('restart policies are asked for', async ({ namespace }) => {
  await namespace.deploy(workload);
  for (const policy of ['Always', ...refusedPolicies]) {
    await makes(namespace, `${policy} in a new set`, withPolicy(policy));
    await patches(namespace, `${policy} in a set`, withPolicy(policy), true);
  }
  return {};
});
const refusedPolicies = ['OnFailure', 'Never'] as const;

describe('Components', () => {
  claim(
    'ref.immutable-fields',
    on(asked, ({ web: set, trying, refusing, spans }) => [
      ...immutable.flatMap((field) => [
        requestIsAccepted(inANewSet(field)),
        changeIsForbidden(dry(field), field.field),
        specIsKept(set, dry(field), trying),
        changeIsForbidden(field.field, field.field),
        specIsKept(set, field.field, refusing),
      ]),
      ...[...mutable, strategy].flatMap((field) => [
        requestIsAccepted(dry(field)),
        specIsKept(set, dry(field), trying),
        onlyThisFieldChanges(set, field, field.field, spans[field.field] ?? {}),
      ]),
    ]),
    on(limited, ({ web: set, changing }) => onlyThisFieldChanges(set, limit, limit.field, changing)),
  );
  claim('ref.template-restart-policy', restarting, () => [
    requestIsAccepted('Always in a new set', { path: policyPath, value: 'Always' }),
    requestIsAccepted('Always in a set', { path: policyPath, value: 'Always' }),
    ...refusedPolicies.flatMap((policy) =>
      [`${policy} in a new set`, `${policy} in a set`].map((moment) =>
        requestIsRefused(moment, { code: 422, field: policyPath.join('.') }),
      ),
    ),
  ]);
});
const policyPath = ['spec', 'template', 'spec', 'restartPolicy'] as const;

describe('controls of fields', () => {
  const changeable = story('a field that may change is changed, and one that may not', async ({ namespace }) => {
    const set = await namespace.deploy(workload);
    await set.isObserved();
    const from = await namespace.mark('as it was made');
    await patches(namespace, 'minReadySeconds', { field: 'minReadySeconds', value: 7 });
    const between = await namespace.mark('minReadySeconds was asked for');
    await patches(namespace, 'serviceName', { field: 'serviceName', value: 'other' });
    const to = await namespace.mark('serviceName was asked for');
    return { web: set, changing: { from, to: between }, refusing: { from: between, to } };
  });
  breaks('ref.immutable-fields', changeable, () => changeIsForbidden('minReadySeconds', 'minReadySeconds'));
  breaks('ref.immutable-fields', changeable, ({ web: set, changing }) => specIsKept(set, 'minReadySeconds', changing));
  breaks('ref.immutable-fields', changeable, ({ web: set, refusing }) =>
    onlyThisFieldChanges(set, { field: 'serviceName', value: 'other' }, 'serviceName', refusing),
  );

  const bare = story('a Pod without a set is asked for with a restart policy', async ({ namespace }) => {
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'nginx', image: 'registry.k8s.io/nginx-slim:0.8' }] },
    };
    await namespace.asks('Never in a Pod', { verb: 'create', resource: 'pods', body, dryRun: true });
    return {};
  });
  breaks('ref.template-restart-policy', bare, () =>
    requestIsRefused('Never in a Pod', { code: 422, field: policyPath.join('.') }),
  );
});

function inANewSet({ field }: Field): string {
  return `${field} of a new set`;
}

function dry({ field }: Field): string {
  return `${field}, to see`;
}

function withPolicy(restartPolicy: string): Field {
  return { field: 'template', value: { ...spec.template, spec: { ...spec.template.spec, restartPolicy } } };
}

type Namespace = Stage['namespace'];

/** Asks, as a dry run, for a new set that has the field so from the beginning. */
function makes(namespace: Namespace, moment: string, { field, value, beside = {} }: Field) {
  const body = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'another' },
    spec: { ...spec, ...beside, [field]: value },
  };
  return namespace.asks(moment, { verb: 'create', resource: 'statefulsets', body, dryRun: true, strict: true });
}

function patches(namespace: Namespace, moment: string, { field, value, beside = {} }: Field, dryRun = false) {
  const body = { spec: { ...beside, [field]: value } };
  return namespace.asks(moment, { verb: 'patch', resource: 'statefulsets', name: 'web', body, dryRun, strict: true });
}
