import { describe, expect, test } from 'vitest';
import { fence, fenced, following, operated, reported, type Step } from '../history/testing.ts';
import { nothingIsLeftOf, theNamespaceHoldsExactly } from './inventory.ts';
import { deploymentIs, podComes, podGoes, setIs } from './testingDeployed.ts';
import { claimGoes, claimIs, volumeGoes, volumeIs } from './testingVolumes.ts';

const labels = { app: 'site' };
const made = (
  resource: 'services' | 'secrets' | 'persistentvolumeclaims',
  name: string,
  metadata: object = { labels },
): Step => reported(resource, 'added', name, { metadata });
const labelled = { label: 'app', value: 'site', resources: ['services'] } as const;

describe('theNamespaceHoldsExactly', () => {
  const inventory = { secrets: ['pass-*'], services: ['db', 'site'], statefulsets: [] };
  const { judge } = theNamespaceHoldsExactly(inventory, labelled);
  const applied = [operated('apply -k', 'kustomization', 'invoked')] as const;
  const answered = operated('apply -k', 'kustomization');
  const all = [made('secrets', 'pass-1', {}), made('services', 'db'), made('services', 'site')] as const;

  test('upheld: exactly these', () => {
    expect(judge(fenced(...applied, ...all, answered))).toMatchObject({ outcome: 'upheld', examined: { count: 6 } });
  });
  test('violated: one is missing, one is there as well, one came twice', () => {
    expect(judge(fenced(...applied, all[0], all[1], answered))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...applied, ...all, made('services', 'more'), answered))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(...applied, ...all, made('secrets', 'pass-2', {}), answered))).toMatchObject({
      outcome: 'violated',
    });
    const set = reported('statefulsets', 'added', 'db');
    expect(judge(fenced(...applied, ...all, set, answered))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one is without the label, or apply -k failed', () => {
    const bare = made('services', 'site', {});
    expect(judge(fenced(...applied, all[0], all[1], bare, answered))).toMatchObject({ outcome: 'violated' });
    const failed = operated('apply -k', 'kustomization', 'failed');
    expect(judge(fenced(...applied, ...all, failed))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was there before, applied twice, not at all, or nobody knows how it ended', () => {
    expect(judge(fenced(all[0], ...applied, all[1], all[2], answered))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...applied, ...all, answered, ...applied, answered))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...all))).toMatchObject({ outcome: 'inconclusive' });
    const unknown = operated('apply -k', 'kustomization', 'indeterminate');
    expect(judge(fenced(...applied, ...all, unknown))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(following(['secrets'], ...applied, ...all, answered))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('nothingIsLeftOf', () => {
  const inventory = { secrets: ['pass-*'], deployments: ['db'], persistentvolumeclaims: ['data'] };
  const { judge } = nothingIsLeftOf(inventory, { from: 'before' });
  const there = [
    made('secrets', 'pass-1'),
    claimIs('data', {}, 'added'),
    volumeIs('pv-0', { claim: 'data' }, 'added'),
    deploymentIs({}, 'added'),
    setIs('aa'),
    podComes('db-aa-1'),
  ] as const;
  const begins = [fence('before'), operated('delete -k', 'kustomization')] as const;
  const gone = {
    secret: reported('secrets', 'deleted', 'pass-1'),
    claim: claimGoes('data'),
    volume: volumeGoes('pv-0', { claim: 'data' }),
    deployment: deploymentIs({}, 'deleted'),
    set: setIs('aa', undefined, 'deleted'),
    pod: podGoes('db-aa-1'),
  };

  test('upheld: all is gone', () => {
    expect(judge(fenced(...there, ...begins, ...Object.values(gone)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 6 },
    });
  });
  test('violated: each of them alone is left', () => {
    for (const left of Object.keys(gone)) {
      const rest = Object.entries(gone).filter(([name]) => name !== left);
      const history = fenced(...there, ...begins, ...rest.map(([, step]) => step));
      expect([left, judge(history).outcome]).toEqual([left, 'violated']);
    }
  });
  test('violated: another Secret is left', () => {
    const another = made('secrets', 'pass-2');
    expect(judge(fenced(...there, another, ...begins, ...Object.values(gone)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: not deleted, not there before, a volume that is kept, or not known how it ended', () => {
    expect(judge(fenced(...there, fence('before'), ...Object.values(gone)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(there[0], ...begins, gone.secret))).toMatchObject({ outcome: 'inconclusive' });
    const kept = volumeIs('pv-0', { claim: 'data', policy: 'Retain' });
    expect(judge(fenced(...there, kept, ...begins, ...Object.values(gone)))).toMatchObject({ outcome: 'inconclusive' });
    const unknown = operated('delete -k', 'kustomization', 'indeterminate');
    expect(judge(fenced(...there, ...begins, unknown, ...Object.values(gone)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
