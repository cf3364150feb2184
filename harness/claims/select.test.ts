import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { claimIds, claimsOf } from './catalogue.ts';
import { selectClaims } from './select.ts';

describe('selecting claims', () => {
  it('selects all when nothing is named', () => {
    expect(select([], [])).toEqual(claimIds);
  });

  it('selects whole tutorials, in the order of the catalogue', () => {
    expect(select(['web-parallel', 'web-basics'], [])).toEqual([
      ...claimsOf('web-basics'),
      ...claimsOf('web-parallel'),
    ]);
  });

  it('selects by id, each claim once', () => {
    expect(select([], ['zk.myid', 'web.hostname', 'zk.myid'])).toEqual(['web.hostname', 'zk.myid']);
  });

  it('selects by glob', () => {
    expect(select([], ['web.dns-s*'])).toEqual(['web.dns-short-name', 'web.dns-service-a-set', 'web.dns-srv']);
    expect(select([], ['web.*'])).toEqual(claimsOf('web-basics'));
    expect(select([], ['{web,webpar}.*'])).toHaveLength(85);
  });

  it('lets * cross dots', () => {
    expect(select([], ['*'])).toEqual(claimIds);
    expect(select([], ['*ordered-creation'])).toEqual([
      'web.ordered-creation',
      'zk.ordered-creation',
      'mongo.ordered-creation',
    ]);
  });

  it('selects all others when a glob is negated', () => {
    expect(select(['jenkins'], ['!jenkins.ns-*'])).toEqual(
      claimsOf('jenkins').filter((id) => id !== 'jenkins.ns-delete'),
    );
  });

  it('keeps to the tutorials when claims are named too', () => {
    expect(select(['jenkins'], ['*.ns-delete'])).toEqual(['jenkins.ns-delete']);
  });
});

describe('what cannot be selected', () => {
  it.each([
    ['an unknown tutorial', ['web-basic'], [], "there is no tutorial 'web-basic'", "did you mean 'web-basics'?"],
    [
      'an unknown claim',
      [],
      ['web.orderd-creation'],
      "there is no claim 'web.orderd-creation'",
      "did you mean 'web.ordered-creation'?",
    ],
    ['a glob that matches nothing', [], ['webb.*'], "no claim matches 'webb.*'", "did you mean 'web.*'?"],
    ['an empty name', [], [''], "there is no claim ''", '--list'],
    ['a name that every object has', [], ['toString'], "there is no claim 'toString'", '--list'],
    [
      'one unknown claim among known ones',
      [],
      ['web.hostname', 'zk.myidd'],
      "there is no claim 'zk.myidd'",
      "'zk.myid'",
    ],
    [
      'a claim of another tutorial',
      ['jenkins'],
      ['zk.myid'],
      "'zk.myid' matches no claim of the chosen tutorials",
      "'zookeeper'",
    ],
  ])('%s is refused with exit code 64 and what would be right', (_, tutorials, claims, message, remedy) => {
    const refusal = refusalOf(tutorials, claims);
    expect(refusal.exitCode).toBe(64);
    expect(refusal.message).toBe(message);
    expect(refusal.remedy).toContain(remedy);
  });

  it('is told how to list every claim', () => {
    expect(refusalOf([], ['web.nothing']).remedy).toContain('npm run certify -- --list');
    expect(refusalOf(['nothing'], []).remedy).toContain('web-basics, web-parallel, wordpress-mysql');
  });
});

function select(tutorials: readonly string[], claims: readonly string[]): readonly string[] {
  return selectClaims({ tutorials, claims });
}

function refusalOf(tutorials: readonly string[], claims: readonly string[]): UsageError {
  try {
    select(tutorials, claims);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('the selection was accepted');
}
