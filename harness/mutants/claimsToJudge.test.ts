import { describe, expect, test } from 'vitest';
import { claimsOfApplications, claimsToJudge, partOf, reasonsUnproved, unprovedOf } from './claimsToJudge.ts';

const suite = 'web-basics';
const proofs = [
  { id: 'web.objects-created', suite, story: '', stories: ['created'] },
  { id: 'web.creation-gated-on-ready', suite, story: '', stories: ['created', 'held'] },
  { id: 'web.hostname', suite, story: '', stories: ['identity'] },
  { id: 'web.scale-down-reverse', suite, story: '', stories: ['created', 'scaled'] },
  { id: 'web.pod-naming', suite, story: '', stories: [] },
  { id: 'webpar.objects-created', suite: 'web-parallel', story: '', stories: ['created'] },
];

describe('the claims that judge a mutant', () => {
  test('are those it declares, and what the same stories tell anyway', () => {
    const mutant = { claims: ['web.creation-gated-on-ready'] as const, explains: {} };
    expect(claimsToJudge(mutant, proofs)).toEqual(['web.objects-created', 'web.creation-gated-on-ready']);
  });

  test('are those it explains as well', () => {
    const mutant = { claims: ['web.objects-created'] as const, explains: { 'web.hostname': 'because' } };
    expect(claimsToJudge(mutant, proofs)).toEqual(['web.objects-created', 'web.hostname']);
  });

  test('are all of them but for those of applications where it declares none', () => {
    const known = proofs.filter(({ id }) => !id.startsWith('webpar')).map(({ id }) => id);
    const all = [...proofs, { id: 'zk.myid', suite: 'zookeeper', story: '', stories: ['ensemble'] }];
    expect(claimsToJudge({ claims: undefined, explains: {} }, all)).toHaveLength(known.length);
    expect(claimsToJudge({ claims: ['zk.myid'], explains: {} }, all)).toEqual(['zk.myid']);
  });

  test('are those of applications in the end, whose stories lie apart', () => {
    const all = [...proofs, { id: 'zk.myid', suite: 'zookeeper', story: '', stories: ['ensemble'] }];
    expect(claimsOfApplications(all)).toEqual(['zk.myid']);
    expect(partOf({ id: 'm' }, ['zk.myid'])).toBe('mutants/m-applications');
    expect(partOf({ id: 'm' }, ['web.hostname'])).toBe('mutants/m');
    expect(partOf({ id: 'm', claims: ['zk.myid'] }, ['zk.myid'])).toBe('mutants/m');
  });

  test('leave out what no suite proves, which is told', () => {
    const mutant = { claims: ['zk.myid', 'web.hostname'] as const, explains: {} };
    expect(claimsToJudge(mutant, proofs)).toEqual(['web.hostname']);
    expect([...unprovedOf(mutant, proofs)]).toEqual(['zk.myid']);
    expect(reasonsUnproved(mutant, proofs)).toEqual([expect.stringMatching(/^zk\.myid: /)]);
  });
});
