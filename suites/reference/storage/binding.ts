import { breaks, claim, describe, on, story, type Stage } from '../../../harness/test.ts';
import {
  aPodRunsOnlyWhereItsVolumeIs,
  bindingIsExclusive,
  claimIsBoundWithoutAPod,
  nothingIsProvisionedWithoutAPod,
  theVolumeSuitsThePod,
} from '../../../harness/guarantees/binding.ts';
import {
  aNode,
  classThat,
  hostname,
  nonceFile,
  within,
  seesRunning,
  triesElsewhere,
  uidOf,
  volumeNameOf,
} from './acts.ts';
import { claimNamed, podOn } from './objects.ts';
import { changed, foreign } from './owning.ts';
import { remade, used } from './protecting.ts';
import { kept, reclaimed } from './reclaiming.ts';
import { lost, retained, scaledAway } from './retaining.ts';

type BindingMode = 'Immediate' | 'WaitForFirstConsumer';

/**
 * A claim of the one class is made while there is no Pod, and a rival that asks for its volume; then two claims of the other class, of which the
 * second gets a Pod. Then the first gets one that may run on one node only, and another that may not run there.
 */
const boundAsTheClassSays = (atOnce: BindingMode, later: BindingMode) => async (stage: Stage) => {
  const { namespace } = stage;
  const immediate = await classThat(stage, { binds: atOnce, reclaims: 'Delete' });
  const delayed = await classThat(stage, { binds: later, reclaims: 'Delete' });
  const from = await namespace.mark('no claim');
  await namespace.applies(claimNamed('at-once', { storageClassName: immediate }));
  await seesBound(stage, 'at-once');
  const alone = await namespace.mark('no Pod');
  const volumeName = await volumeNameOf(namespace, 'at-once');
  await namespace.applies(claimNamed('rival', { storageClassName: immediate, volumeName }));
  await namespace.applies(claimNamed('waiting', { storageClassName: delayed }));
  await namespace.applies(claimNamed('consumed', { storageClassName: delayed }));
  await namespace.applies(podOn('consumer', 'consumed'));
  await seesBound(stage, 'consumed');
  const consumed = await namespace.mark('another claim of the class has a Pod');
  const { node, nonce } = await pins(stage, 'waiting');
  const to = await namespace.mark('the claim has its Pod');
  return { node, nonce, alone: { from, to: alone }, waiting: { from: alone, to: consumed }, whole: { from, to } };
};

async function seesBound({ namespace }: Stage, name: string): Promise<void> {
  await namespace.sees(
    `the claim ${name} to be Bound`,
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get(name)?.status?.phase === 'Bound',
    within.reclaiming,
  );
}

/** Gives the claim a Pod that may run on one node only, which writes a word, and then one that may run on every other. */
async function pins(stage: Stage, claimName: string) {
  const { namespace } = stage;
  const node = await aNode(namespace);
  const nonce = crypto.randomUUID();
  await namespace.applies(podOn('pinned', claimName, { nodeSelector: { [hostname]: node } }));
  if (await seesRunning(namespace, 'pinned'))
    await namespace.runs('pinned writes', 'pinned', ['sh', '-c', `echo ${nonce} > /data/${nonceFile}`]);
  await triesElsewhere(namespace, claimName, node);
  return { node, nonce };
}

const asTheyShould = story(
  'claims of two classes are made, with a Pod and without',
  { follows: ['nodes'] },
  boundAsTheClassSays('Immediate', 'WaitForFirstConsumer'),
);

/** A volume of the class has lost its claim and is free: the next claim has no Pod, and the one after it has. */
const leftOver = story('a free volume of a class that waits for Pods, and a claim without one', async (stage) => {
  const { namespace } = stage;
  const storageClassName = await classThat(stage, { binds: 'WaitForFirstConsumer', reclaims: 'Retain' });
  await namespace.applies(claimNamed('first', { storageClassName }));
  await namespace.applies(podOn('user', 'first'));
  await seesBound(stage, 'first');
  const volume = await volumeNameOf(namespace, 'first');
  await namespace.deletes('pods', 'user', { gracePeriodSeconds: 0 });
  await namespace.deletes('persistentvolumeclaims', 'first');
  await seesPhase(stage, volume, 'Released');
  await namespace.patches('persistentvolumes', volume, { spec: { claimRef: null } });
  await seesPhase(stage, volume, 'Available');
  const from = await namespace.mark('the volume is Available');
  await namespace.applies(claimNamed('waiting', { storageClassName }));
  await namespace.applies(claimNamed('consumed', { storageClassName }));
  await namespace.applies(podOn('consumer', 'consumed'));
  await seesBound(stage, 'consumed');
  return { waiting: { from, to: await namespace.mark('a later claim has a Pod') } };
});

async function seesPhase({ namespace }: Stage, volume: string, phase: string): Promise<void> {
  await namespace.sees(
    `the volume to be ${phase}`,
    ({ persistentvolumes }) => persistentvolumes.get(volume)?.status?.phase === phase,
    within.reclaiming,
  );
}

describe('Volume binding mode', () => {
  claim('ref.immediate-binding', asTheyShould, ({ alone }) => claimIsBoundWithoutAPod('at-once', alone));
  claim(
    'ref.wait-for-consumer',
    on(asTheyShould, ({ waiting, whole, nonce }) => [
      nothingIsProvisionedWithoutAPod('waiting', 'consumed', waiting),
      theVolumeSuitsThePod('pinned', 'waiting', whole),
      aPodRunsOnlyWhereItsVolumeIs('elsewhere', 'waiting', nonce, whole),
    ]),
    on(leftOver, ({ waiting }) => nothingIsProvisionedWithoutAPod('waiting', 'consumed', waiting)),
    on(kept, ({ nonce, elsewhere }) => aPodRunsOnlyWhereItsVolumeIs('elsewhere', 'again', nonce, elsewhere)),
  );
});

describe('Binding', () => {
  claim(
    'ref.binding-exclusive',
    on(asTheyShould, () => bindingIsExclusive()),
    on(retained, () => bindingIsExclusive()),
    on(lost, () => bindingIsExclusive()),
    on(scaledAway, () => bindingIsExclusive()),
    on(changed, () => bindingIsExclusive()),
    on(foreign, () => bindingIsExclusive()),
    on(used, () => bindingIsExclusive()),
    on(remade, () => bindingIsExclusive()),
    on(reclaimed, () => bindingIsExclusive()),
    on(kept, () => bindingIsExclusive()),
  );
});

describe('controls of binding', () => {
  const exchanged = story(
    'claims of two classes are made, each of the class for the other',
    { follows: ['nodes'] },
    boundAsTheClassSays('WaitForFirstConsumer', 'Immediate'),
  );
  breaks('ref.immediate-binding', exchanged, ({ alone }) => claimIsBoundWithoutAPod('at-once', alone));
  breaks('ref.wait-for-consumer', exchanged, ({ waiting }) =>
    nothingIsProvisionedWithoutAPod('waiting', 'consumed', waiting),
  );

  const handedOn = story('a volume is taken from its claim and given to another', async (stage) => {
    const { namespace } = stage;
    const storageClassName = await classThat(stage, { binds: 'Immediate', reclaims: 'Delete' });
    await namespace.applies(claimNamed('first', { storageClassName }));
    await seesBound(stage, 'first');
    await namespace.applies(claimNamed('second'));
    const claimRef = { name: 'second', uid: await uidOf(namespace, 'persistentvolumeclaims', 'second') };
    await namespace.patches('persistentvolumes', await volumeNameOf(namespace, 'first'), { spec: { claimRef } });
  });
  breaks('ref.binding-exclusive', handedOn, () => bindingIsExclusive());
});
