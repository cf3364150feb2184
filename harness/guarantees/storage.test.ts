import { describe, expect, test } from 'vitest';
import {
  ended,
  fence,
  fenced,
  gap,
  operated,
  readied,
  reported,
  setReported,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import {
  claimsAreExactly,
  claimsCarryTheSelector,
  eachClaimHasAVolumeOfItsOwn,
  noClaimIsEverPending,
  volumesAreProvisioned,
} from './storage.ts';

type Kind = 'present' | 'added' | 'modified' | 'deleted';

interface ClaimTraits {
  readonly type?: Kind;
  readonly phase?: string;
  readonly volume?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
}

function claim(name: string, traits: ClaimTraits = {}): Step {
  const { type = 'added', phase = 'Bound', labels = { app: 'nginx' }, storageClass = 'standard' } = traits;
  const volume = traits.volume ?? `pv-of-${name}`;
  return reported('persistentvolumeclaims', type, name, {
    metadata: { labels },
    spec: { storageClassName: storageClass, ...(phase === 'Bound' ? { volumeName: volume } : {}) },
    status: { phase },
  });
}

interface VolumeTraits {
  readonly type?: Kind;
  readonly claimUid?: string;
  readonly capacity?: string;
  readonly accessModes?: readonly string[];
  readonly provisioner?: string;
  readonly storageClass?: string;
  readonly phase?: string;
}

function volume(claimName: string, traits: VolumeTraits = {}): Step {
  const { type = 'added', provisioner = 'rancher.io/local-path', phase = 'Bound' } = traits;
  return reported('persistentvolumes', type, `pv-of-${claimName}`, {
    metadata: { annotations: provisioner === '' ? {} : { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      capacity: { storage: traits.capacity ?? '1Gi' },
      accessModes: traits.accessModes ?? ['ReadWriteOnce'],
      storageClassName: traits.storageClass ?? 'standard',
      claimRef: { uid: traits.claimUid ?? `persistentvolumeclaims/${claimName}#1` },
    },
    status: { phase },
  });
}

describe('claimsAreExactly', () => {
  const { judge } = claimsAreExactly(web, [0, 1]);
  const pods = [readied('web-0'), readied('web-1')];
  const claims = [claim('www-web-0'), claim('www-web-1')];

  test('upheld: www-web-0 and www-web-1, each of its own Pod', () => {
    expect(judge(fenced(...claims, ...pods))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a claim is missing, is gone', () => {
    expect(judge(fenced(claim('www-web-0'), ...pods))).toMatchObject({ outcome: 'violated' });
    const gone = fenced(...claims, ...pods, claim('www-web-1', { type: 'deleted' }));
    expect(judge(gone)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one more claim, if only for a moment', () => {
    const more = fenced(...claims, claim('www'), claim('www', { type: 'deleted' }), ...pods);
    expect(judge(more)).toMatchObject({ outcome: 'violated', because: 'there was a claim www' });
  });
  test('violated: a shared claim, a Pod without one', () => {
    const shared = fenced(...claims, readied('web-0'), readied('web-1', { claim: 'www-web-0' }));
    expect(judge(shared)).toMatchObject({ outcome: 'violated', because: 'web-1 has www-web-0 as www' });
    const without = fenced(...claims, readied('web-0'), readied('web-1', { claim: null }));
    expect(judge(without)).toMatchObject({ outcome: 'violated', because: 'web-1 has no claim as www' });
  });
  test('violated: an earlier Pod had another claim', () => {
    const history = fenced(...claims, readied('web-0', { claim: 'www' }), ended('web-0'), ...pods);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod, no fence, a gap in the claims', () => {
    expect(judge(fenced(...claims))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...claims, ...pods))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...claims, gap('persistentvolumeclaims'), ...pods))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('claimsCarryTheSelector', () => {
  const { judge } = claimsCarryTheSelector(web, [0, 1]);
  const set = setReported('added', { spec: { selector: { matchLabels: { app: 'nginx', tier: 'web' } } } });
  const labels = { app: 'nginx', tier: 'web' };

  test('upheld: both carry both labels, and one more', () => {
    const history = fenced(
      set,
      claim('www-web-0', { labels }),
      claim('www-web-1', { labels: { ...labels, more: '1' } }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: one label is missing, is another, is lost later', () => {
    const first = claim('www-web-0', { labels });
    expect(judge(fenced(set, first, claim('www-web-1', { labels: {} })))).toMatchObject({ outcome: 'violated' });
    const other = claim('www-web-1', { labels: { app: 'nginx', tier: 'db' } });
    expect(judge(fenced(set, first, other))).toMatchObject({ outcome: 'violated' });
    const lost = claim('www-web-1', { type: 'modified', labels: { app: 'nginx' } });
    expect(judge(fenced(set, first, claim('www-web-1', { labels }), lost))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no claim to be listed', () => {
    expect(judge(fenced(set, claim('www-web-0', { labels })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the set’s labels are not known, no fence', () => {
    expect(judge(fenced(claim('www-web-0'), claim('www-web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(set, claim('www-web-0', { labels })))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachClaimHasAVolumeOfItsOwn', () => {
  const { judge } = eachClaimHasAVolumeOfItsOwn(web, [0, 1], { storage: '1Gi', accessModes: ['ReadWriteOnce'] });
  const first = [claim('www-web-0'), volume('www-web-0')];
  const second = [claim('www-web-1'), volume('www-web-1')];

  test('upheld: two claims, two volumes', () => {
    expect(judge(fenced(...first, ...second))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: more room than asked for', () => {
    const roomy = [claim('www-web-1'), volume('www-web-1', { capacity: '2Gi' })];
    expect(judge(fenced(...first, ...roomy))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one volume for both', () => {
    const history = fenced(...first, claim('www-web-1', { volume: 'pv-of-www-web-0' }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: Pending, Lost, missing', () => {
    expect(judge(fenced(...first, claim('www-web-1', { phase: 'Pending' })))).toMatchObject({ outcome: 'violated' });
    const lost = [claim('www-web-1', { phase: 'Lost' }), volume('www-web-1')];
    expect(judge(fenced(...first, ...lost))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...first))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...first, claim('www-web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the volume is of another claim, of an earlier one of the name, not Bound', () => {
    for (const traits of [
      { claimUid: 'persistentvolumeclaims/www-web-0#1' },
      { claimUid: 'earlier' },
      { phase: 'Released' },
    ])
      expect(judge(fenced(...first, claim('www-web-1'), volume('www-web-1', traits)))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: too little room, no room told, other access modes', () => {
    const wrong: readonly VolumeTraits[] = [
      { capacity: '500Mi' },
      { capacity: 'much' },
      { accessModes: ['ReadWriteMany'] },
      { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] },
    ];
    for (const traits of wrong)
      expect(judge(fenced(...first, claim('www-web-1'), volume('www-web-1', traits)))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: the claim was there before', () => {
    const history = fenced(...first, claim('www-web-1', { type: 'present' }), volume('www-web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: this run made a claim, a gap, no fence', () => {
    const own = fenced(...first, operated('apply', 'persistentvolumeclaims/www-web-1'), ...second);
    expect(judge(own)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...first, ...second, gap('persistentvolumes')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...first, ...second))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('volumesAreProvisioned', () => {
  const { judge } = volumesAreProvisioned(web, [0]);
  const set = setReported('added');

  test('upheld: made and bound by a provisioner', () => {
    expect(judge(fenced(set, claim('www-web-0'), volume('www-web-0')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the volume was there before', () => {
    const history = fenced(volume('www-web-0', { type: 'present' }), set, claim('www-web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: nobody provisioned it, it is of another class, of none', () => {
    const wrong: readonly VolumeTraits[] = [{ provisioner: '' }, { storageClass: 'fast' }, { storageClass: '' }];
    for (const traits of wrong)
      expect(judge(fenced(set, claim('www-web-0'), volume('www-web-0', traits)))).toMatchObject({
        outcome: 'violated',
      });
    const none = fenced(set, claim('www-web-0', { storageClass: '' }), volume('www-web-0', { storageClass: '' }));
    expect(judge(none)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim stays Pending', () => {
    expect(judge(fenced(set, claim('www-web-0', { phase: 'Pending' })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: this run made the volume, a gap', () => {
    const own = fenced(operated('create', 'persistentvolumes/pv'), set, claim('www-web-0'), volume('www-web-0'));
    expect(judge(own)).toMatchObject({ outcome: 'inconclusive' });
    const gapped = fenced(set, claim('www-web-0'), gap('persistentvolumes'), volume('www-web-0'));
    expect(judge(gapped)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noClaimIsEverPending', () => {
  const { judge } = noClaimIsEverPending(web, [0], { from: 'before' });
  const start = [claim('www-web-0'), fence('before')];

  test('upheld: Bound to the same volume, changed or not', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
    expect(judge(fenced(...start, claim('www-web-0', { type: 'modified' })))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: Pending for a moment, gone, made again, bound elsewhere', () => {
    const pending = [
      claim('www-web-0', { type: 'modified', phase: 'Pending' }),
      claim('www-web-0', { type: 'modified' }),
    ];
    expect(judge(fenced(...start, ...pending))).toMatchObject({ outcome: 'violated' });
    const again = [claim('www-web-0', { type: 'deleted' }), claim('www-web-0')];
    expect(judge(fenced(...start, ...again))).toMatchObject({ outcome: 'violated' });
    const elsewhere = claim('www-web-0', { type: 'modified', volume: 'another' });
    expect(judge(fenced(...start, elsewhere))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was not Bound before, was not there, a gap', () => {
    const late = fenced(
      claim('www-web-0', { phase: 'Pending' }),
      fence('before'),
      claim('www-web-0', { type: 'modified' }),
    );
    expect(judge(late)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(fence('before')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, gap('persistentvolumeclaims')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
