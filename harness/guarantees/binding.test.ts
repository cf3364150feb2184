import { describe, expect, test } from 'vitest';
import { added, fenced, following, gap, readied, reported, unfenced, type Step } from '../history/testing.ts';
import {
  aPodRunsOnlyWhereItsVolumeIs,
  bindingIsExclusive,
  claimIsBoundWithoutAPod,
  nothingIsProvisionedWithoutAPod,
  theVolumeSuitsThePod,
} from './binding.ts';
import { before, changed, spanned } from './testing.ts';
import { claimGoes, claimIs, kept, printed, volumeGoes, volumeIs } from './testingVolumes.ts';

const outcomeOf = (outcome: 'upheld' | 'violated' | 'inconclusive', because = '') =>
  expect.objectContaining({ outcome, ...(because === '' ? {} : { because: expect.stringContaining(because) }) });

const pending = { phase: 'Pending', volume: null } as const;

describe('bindingIsExclusive', () => {
  const { judge } = bindingIsExclusive();

  test('upheld: each to its own', () => {
    expect(judge(fenced(...kept(0), ...kept(1)))).toEqual(outcomeOf('upheld'));
  });
  test('upheld: a claim that waits for a volume which is another’s', () => {
    expect(judge(fenced(...kept(0), claimIs('rival', { phase: 'Pending' }, 'added')))).toEqual(outcomeOf('upheld'));
  });
  test('upheld: a volume that was freed in between is another’s', () => {
    const freed = [claimGoes('www-web-0'), volumeIs('pv-0', { claim: null, phase: 'Available' })];
    const taken = [volumeIs('pv-0', { claim: 'again' }), claimIs('again', {}, 'added')];
    expect(judge(fenced(...kept(0), ...freed, ...taken))).toEqual(outcomeOf('upheld'));
  });
  test('violated: two claims are Bound to one volume, if only for a moment', () => {
    const rival = [claimIs('rival', {}, 'added'), claimGoes('rival')];
    expect(judge(fenced(...kept(0), ...rival))).toEqual(outcomeOf('violated', 'one volume'));
  });
  test('violated: two volumes are Bound to one claim', () => {
    expect(judge(fenced(...kept(0), volumeIs('pv-9', {}, 'added'), volumeGoes('pv-9')))).toEqual(
      outcomeOf('violated', 'two volumes'),
    );
  });
  test('violated: a claim is Bound to a volume that never named it', () => {
    expect(judge(fenced(...kept(0), ...kept(1, {}, { claim: null })))).toEqual(outcomeOf('violated', 'never named'));
    expect(judge(fenced(...kept(0), claimIs('www-web-1', { volume: 'pv-1' }, 'added')))).toEqual(
      outcomeOf('violated', 'never named'),
    );
  });
  test('violated: a volume is handed on, also to another claim of the same name', () => {
    const handed = [claimGoes('www-web-0'), volumeIs('pv-0', { nth: 2 })];
    expect(judge(fenced(...kept(0), ...handed))).toEqual(outcomeOf('violated', 'handed'));
  });
  test('inconclusive: nothing was ever Bound, volumes not followed, a gap, no fence', () => {
    expect(judge(fenced(claimIs('www-web-0', pending, 'added')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(following(['persistentvolumeclaims'], ...kept(0)))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...kept(0), gap('persistentvolumes')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(unfenced(...kept(0)))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('nothingIsProvisionedWithoutAPod', () => {
  const { judge } = nothingIsProvisionedWithoutAPod('waiting', 'consumed', spanned);
  const made = [before, claimIs('waiting', pending, 'added')];
  const consumed = [
    claimIs('consumed', { volume: 'pv-9' }, 'added'),
    volumeIs('pv-9', { claim: 'consumed' }, 'added'),
    readied('consumer', { claim: 'consumed' }),
  ];

  test('upheld: it waits while the other is Bound', () => {
    expect(judge(fenced(...made, ...consumed))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it is Bound, or there is a volume for it', () => {
    const volume = volumeIs('pv-0', { claim: 'waiting' }, 'added');
    expect(judge(fenced(...made, volume, claimIs('waiting'), ...consumed))).toEqual(outcomeOf('violated'));
    expect(judge(fenced(...made, volume, ...consumed))).toEqual(outcomeOf('violated', 'there is a volume'));
    expect(judge(fenced(...made, claimIs('waiting', { phase: 'Pending' }), ...consumed))).toEqual(
      outcomeOf('violated'),
    );
  });
  test('violated: a provisioner was asked, and only late', () => {
    for (const mark of ['volume.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/selected-node']) {
      const asked = claimIs('waiting', { ...pending, annotations: { [mark]: 'something' } });
      expect(judge(fenced(...made, asked, ...consumed))).toEqual(outcomeOf('violated', mark));
    }
  });
  test('violated: although nobody else was bound', () => {
    expect(judge(fenced(...made, claimIs('waiting')))).toEqual(outcomeOf('violated'));
  });
  test('inconclusive: nobody else was bound, or of another class, or made before', () => {
    expect(judge(fenced(...made))).toEqual(outcomeOf('inconclusive', 'bound meanwhile'));
    const other = claimIs('consumed', { volume: 'pv-9', className: 'other' }, 'added');
    expect(judge(fenced(...made, other, ...consumed.slice(1)))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(before, ...consumed, ...made.slice(1)))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: a Pod mounts it, or it was there before', () => {
    expect(judge(fenced(...made, added('early', { claim: 'waiting' }), ...consumed))).toEqual(
      outcomeOf('inconclusive', 'early'),
    );
    expect(judge(fenced(claimIs('waiting', pending, 'added'), before, ...consumed))).toEqual(outcomeOf('inconclusive'));
  });
});

const host = (name: string): Step =>
  reported('nodes', 'present', name, { metadata: { labels: { 'kubernetes.io/hostname': name } } });

/** A Pod step as it would be with this nodeSelector, and on no node unless it names one. */
function confined(step: Step, nodeSelector: object, isPlaced: boolean): Step {
  return changed(step, (object) => {
    const { nodeName, ...spec } = object['spec'] as Record<string, unknown>;
    return { ...object, spec: { ...spec, nodeSelector, ...(isPlaced ? { nodeName } : {}) } };
  });
}

describe('theVolumeSuitsThePod', () => {
  const { judge } = theVolumeSuitsThePod('pinned', 'waiting', {});
  const nodes = [host('worker-1'), host('worker-2')];
  const selector = { 'kubernetes.io/hostname': 'worker-1' };
  const runs = confined(readied('pinned', { claim: 'waiting', node: 'worker-1' }), selector, true);
  const waits = confined(added('pinned', { claim: 'waiting' }), selector, false);
  const boundTo = (names: readonly string[], selected?: string) => [
    claimIs(
      'waiting',
      selected === undefined ? {} : { annotations: { 'volume.kubernetes.io/selected-node': selected } },
      'added',
    ),
    volumeIs('pv-0', { claim: 'waiting', nodes: names }, 'added'),
  ];

  test('upheld: the volume is of the Pod’s node, or of every node', () => {
    expect(judge(fenced(...nodes, runs, ...boundTo(['worker-1'], 'worker-1')))).toEqual(outcomeOf('upheld'));
    expect(judge(fenced(...nodes, runs, ...boundTo([])))).toEqual(outcomeOf('upheld'));
  });
  test('violated: the volume is of another node, and the Pod waits', () => {
    expect(judge(fenced(...nodes, waits, ...boundTo(['worker-2'])))).toEqual(outcomeOf('violated', 'cannot be used'));
  });
  test('violated: the Pod runs although the volume is of another node', () => {
    expect(judge(fenced(...nodes, runs, ...boundTo(['worker-2'])))).toEqual(outcomeOf('violated', 'cannot be used'));
  });
  test('violated: the volume is not of the node that was chosen for it', () => {
    expect(judge(fenced(...nodes, runs, ...boundTo(['worker-1'], 'worker-2')))).toEqual(outcomeOf('violated'));
  });
  test('violated: there is no volume at all, or the Pod does not run', () => {
    expect(judge(fenced(...nodes, waits, claimIs('waiting', pending, 'added')))).toEqual(
      outcomeOf('violated', 'although pinned needs it'),
    );
    expect(judge(fenced(...nodes, waits, ...boundTo(['worker-1'])))).toEqual(outcomeOf('violated', 'not Ready'));
  });
  test('inconclusive: the Pod may run anywhere, or is not there, or nodes were not followed', () => {
    const anywhere = confined(readied('pinned', { claim: 'waiting' }), {}, true);
    expect(judge(fenced(...nodes, anywhere, ...boundTo(['worker-1'])))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...nodes, ...boundTo(['worker-1'])))).toEqual(outcomeOf('inconclusive'));
    const followed = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
    expect(judge(following(followed, runs, ...boundTo(['worker-1'])))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('aPodRunsOnlyWhereItsVolumeIs', () => {
  const { judge } = aPodRunsOnlyWhereItsVolumeIs('elsewhere', 'waiting', 'a word', {});
  const unplaced = confined(added('elsewhere', { claim: 'waiting' }), {}, false);
  const refused = changed(unplaced, (object) => ({
    ...object,
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  }));
  const runs = readied('elsewhere', { claim: 'waiting', node: 'worker-2' });

  test('upheld: no node takes it', () => {
    expect(judge(fenced(refused))).toEqual(outcomeOf('upheld'));
  });
  test('upheld: it runs elsewhere and finds the word', () => {
    expect(judge(fenced(runs, printed('reads', 'elsewhere', 'a word\n')))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it runs elsewhere and does not', () => {
    expect(judge(fenced(runs, printed('reads', 'elsewhere', '')))).toEqual(outcomeOf('violated', 'worker-2'));
  });
  const nodes = [host('worker-1'), host('worker-2')];
  const placed = added('elsewhere', { claim: 'waiting', node: 'worker-2' });
  const boundTo = (names: readonly string[]) => [
    claimIs('waiting', {}, 'added'),
    volumeIs('pv-0', { claim: 'waiting', nodes: names }, 'added'),
  ];
  test('violated: it was given a node that its volume forbids, whether it runs or not, and whatever it reads', () => {
    const forbidden = [...nodes, ...boundTo(['worker-1'])];
    expect(judge(fenced(...forbidden, placed))).toEqual(outcomeOf('violated', 'was given worker-2'));
    const read = [runs, printed('reads', 'elsewhere', 'a word\n')];
    expect(judge(fenced(...forbidden, ...read))).toEqual(outcomeOf('violated', 'was given worker-2'));
  });
  test('upheld: its volume can be used from the node it was given, or from everywhere', () => {
    const read = [runs, printed('reads', 'elsewhere', 'a word\n')];
    expect(judge(fenced(...nodes, ...boundTo(['worker-2']), ...read))).toEqual(outcomeOf('upheld'));
    expect(judge(fenced(...nodes, ...boundTo([]), ...read))).toEqual(outcomeOf('upheld'));
  });
  test('inconclusive: its volume can be used from there, and nobody looked; nodes were not followed', () => {
    expect(judge(fenced(...nodes, ...boundTo([]), placed))).toEqual(outcomeOf('inconclusive', 'looked'));
    const followed = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
    expect(judge(following(followed, ...boundTo(['worker-1']), placed))).toEqual(outcomeOf('inconclusive', 'nodes'));
  });
  test('inconclusive: nobody tried, or nobody looked, or it is not there', () => {
    expect(judge(fenced(unplaced))).toEqual(outcomeOf('inconclusive', 'tried'));
    expect(judge(fenced(runs))).toEqual(outcomeOf('inconclusive', 'looked'));
    expect(judge(fenced(readied('other')))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimIsBoundWithoutAPod', () => {
  const { judge } = claimIsBoundWithoutAPod('at-once', spanned);
  const made = [before, claimIs('at-once', pending, 'added')];
  const bound = [volumeIs('pv-0', { claim: 'at-once' }, 'added'), claimIs('at-once')];

  test('upheld: it is Bound, and there never was a Pod', () => {
    expect(judge(fenced(...made, ...bound))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it waits', () => {
    expect(judge(fenced(...made))).toEqual(outcomeOf('violated', 'Pending'));
  });
  test('violated or not: its volume is another’s', () => {
    const other = [volumeIs('pv-0', { claim: 'another' }, 'added'), claimIs('at-once')];
    expect(judge(fenced(...made, ...other))).toEqual(outcomeOf('violated', 'not recorded'));
  });
  test('inconclusive: there was a Pod, or the claim was there before, or never', () => {
    expect(judge(fenced(...made, added('web-0'), ...bound))).toEqual(outcomeOf('inconclusive', 'web-0'));
    expect(judge(fenced(claimIs('at-once', {}, 'added'), before, ...bound))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(before))).toEqual(outcomeOf('inconclusive'));
  });
});
