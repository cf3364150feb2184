import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldPending,
  labelled,
  patience,
  replicas,
  story,
  type Stage,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import { requestIsRefused } from '../../../harness/guarantees/api.ts';
import { onlyThisFieldChanges, specIsKept } from '../../../harness/guarantees/fields.ts';
import { requestConflicts, scaleShows } from '../../../harness/guarantees/scaleSubresource.ts';
import { web } from '../web.ts';

const selector = 'app=nginx';
const stale = ['a PUT of an old version', 'a PATCH of an old version', 'a PUT of another set'] as const;
const negative = 'a PATCH to -1 replicas';

/** The first Pod is held Pending, so that the set counts one whatever it is asked for. */
const scaled = story('a set is read and scaled through its subresource', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldPending()));
  await countsOne(namespace, set);
  const made = await namespace.mark('two replicas');
  const old = await asksScale(namespace, 'GET', 'get');
  const read = await namespace.mark('the scale was read');
  await asksScale(namespace, 'PATCH', 'patch', { spec: { replicas: 3 } });
  const patched = await namespace.mark('three replicas');
  await countsOne(namespace, set);
  const settled = await namespace.mark('three replicas, as the controller knows');
  const fresh = await asksScale(namespace, 'GET again', 'get');
  await asksScale(namespace, stale[0], 'replace', { ...old, spec: { replicas: 5 } });
  await asksScale(namespace, stale[1], 'patch', {
    metadata: { resourceVersion: old.metadata.resourceVersion },
    spec: { replicas: 5 },
  });
  const metadata = { ...fresh.metadata, uid: '00000000-0000-4000-8000-000000000000' };
  await asksScale(namespace, stale[2], 'replace', { ...fresh, metadata, spec: { replicas: 5 } });
  await asksScale(namespace, negative, 'patch', { spec: { replicas: -1 } });
  const refused = await namespace.mark('three replicas still');
  await asksScale(namespace, 'PUT', 'replace', { ...fresh, spec: { replicas: 1 } });
  const put = await namespace.mark('one replica');
  const old0 = set.uidOf(0);
  await set.patch({ spec: { template: { spec: { terminationGracePeriodSeconds: 5 } } } });
  await set.deletePod(0);
  await set.podAppears(0, old0);
  await countsOne(namespace, set, 'updated');
  const updated = await namespace.mark('the only Pod is updated and not Ready');
  await asksScale(namespace, 'GET amid an update', 'get');
  const amid = await namespace.mark('the scale was read amid an update');
  await asksScale(namespace, 'PATCH to none', 'patch', { spec: { replicas: 0 } });
  const none = await namespace.mark('no replicas');
  return {
    web: set,
    reading: { from: made, to: read },
    patching: { from: read, to: patched },
    refusing: { from: settled, to: refused },
    putting: { from: refused, to: put },
    updating: { from: updated, to: amid },
    emptying: { from: amid, to: none },
  };
});

describe('Replicas', () => {
  claim('ref.scale-subresource', scaled, ({ web: set, reading, patching, refusing, putting, updating, emptying }) => [
    scaleShows(set, { replicas: 2, counted: 1, selector }, 'GET', reading),
    specIsKept(set, 'GET', reading),
    scaleShows(set, { replicas: 3, counted: 1, selector }, 'PATCH', patching),
    onlyThisFieldChanges(set, { field: 'replicas', value: 3 }, 'PATCH', patching),
    scaleShows(set, { replicas: 3, counted: 1, selector }, 'GET again', refusing),
    ...stale.flatMap((moment) => [requestConflicts(moment), specIsKept(set, moment, refusing)]),
    requestIsRefused(negative, { code: 422, field: 'spec.replicas' }),
    specIsKept(set, negative, refusing),
    scaleShows(set, { replicas: 1, counted: 1, selector }, 'PUT', putting),
    onlyThisFieldChanges(set, { field: 'replicas', value: 1 }, 'PUT', putting),
    scaleShows(set, { replicas: 1, counted: 1, selector }, 'GET amid an update', updating),
    scaleShows(set, { replicas: 0, counted: 1, selector }, 'PATCH to none', emptying),
    onlyThisFieldChanges(set, { field: 'replicas', value: 0 }, 'PATCH to none', emptying),
  ]);
});

describe('controls of the scale subresource', () => {
  const unconditional = story('a set with another selector is scaled whatever its version', async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldPending(), labelled({ tier: 'front' })));
    await countsOne(namespace, set);
    const made = await namespace.mark('two replicas');
    const old = await asksScale(namespace, 'GET', 'get');
    const read = await namespace.mark('the scale was read');
    const { resourceVersion: _, ...metadata } = old.metadata;
    await asksScale(namespace, 'a PUT of no version', 'replace', { ...old, metadata, spec: { replicas: 5 } });
    return { web: set, reading: { from: made, to: read } };
  });
  breaks('ref.scale-subresource', unconditional, ({ web: set, reading }) =>
    scaleShows(set, { replicas: 2, counted: 1, selector }, 'GET', reading),
  );
  breaks('ref.scale-subresource', unconditional, () => requestConflicts('a PUT of no version'));
});

interface Scale {
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
}

type Namespace = Stage['namespace'];

/** Asks the subresource and gives back what it answered: for a read, the Scale to write the next time. */
async function asksScale(namespace: Namespace, moment: string, verb: 'get' | 'patch' | 'replace', body?: object) {
  const scale = { resource: 'statefulsets', name: 'web', subresource: 'scale' } as const;
  const answer = await namespace.asks(moment, { verb, ...scale, ...(body === undefined ? {} : { body }) });
  return answer.body as Scale;
}

/** The controller has seen the newest spec and counted its one Pod, of whatever revision it is: nothing more will be written until the story does. */
async function countsOne(
  namespace: Namespace,
  { name }: StatefulSetHandle,
  of: 'current' | 'updated' = 'current',
): Promise<void> {
  await namespace.sees(
    `${name} to count one Pod (${of})`,
    ({ statefulsets }) => {
      const { metadata, status } = statefulsets.get(name) ?? {};
      const count = of === 'current' ? status?.currentReplicas : status?.updatedReplicas;
      return status?.observedGeneration === metadata?.generation && status?.replicas === 1 && count === 1;
    },
    { deadlineMs: patience.reactionMs },
  );
}
