import { expect, test } from 'vitest';
import { knownViolation, knownViolations, type KnownViolation } from './knownViolations.ts';

const table: Readonly<Record<'ref.update-converges', KnownViolation>> = {
  'ref.update-converges': {
    issue: 1,
    says: 'it does not',
    since: '1.30',
    mendedIn: '1.36',
    seenOn: ['1.34'],
    finding: /stays old/,
  },
};
const on = (version: string) => knownViolation('ref.update-converges', version, table);

test('a violation is known from the version that has the bug to the one that mends it', () => {
  expect(on('v1.29.9')).toBeUndefined();
  expect(on('v1.30.0')).toMatchObject({ issue: expect.stringMatching(/\/issues\/1$/), certain: false });
  expect(on('v1.34.4')).toMatchObject({ certain: true, isRace: false });
  expect(on('v1.35.4')).toMatchObject({ certain: false });
  expect(on('v1.36.0')).toBeUndefined();
});

test('of a version that a distribution has added to it is not certain', () => {
  expect(on('v1.34.4-gke.1080000')).toMatchObject({ certain: false });
});

test('a race is certain nowhere, and a document is as good as an issue', () => {
  const page = 'https://example.org/admin.html#commands' as const;
  const race = { 'ref.update-converges': { ...table['ref.update-converges'], issue: page, isRace: true } } as const;
  expect(knownViolation('ref.update-converges', 'v1.34.4', race)).toMatchObject({
    issue: page,
    certain: false,
    isRace: true,
  });
});

test('nothing is known of other claims, nor of what is no claim', () => {
  expect(knownViolation('web.scale-command', 'v1.34.4', table)).toBeUndefined();
  expect(knownViolation('toString', 'v1.34.4', table)).toBeUndefined();
});

test('every known violation of the table names an issue and a sentence', () => {
  for (const known of Object.values(knownViolations)) {
    expect(String(known.issue)).toMatch(/^([1-9]\d*|https:\/\/\S+)$/);
    expect(known.says).toMatch(/\w+ \w+/);
  }
});

test("an election that keeps failing is known by what each claim's own clients met, and by nothing else", () => {
  const isKnown = (claim: string, finding: string) => knownViolation(claim, 'v1.34.4')?.finding.test(finding);
  const lost = 'zk-1 does not hold maintenance-000001, which zk-0 had acknowledged';
  expect(
    isKnown('zk.available-during-maintenance', 'zk-0 answered no session within 10.1 s: the server gives none'),
  ).toBe(true);
  expect(isKnown('zk.available-during-maintenance', 'zk-0 does not serve: no mode')).toBe(false);
  expect(isKnown('zk.available-during-maintenance', lost)).toBe(false);
  expect(isKnown('zk.tolerates-node-loss', 'no write was acknowledged for 21.6 s, and 20 s are allowed')).toBe(true);
  expect(isKnown('zk.tolerates-node-loss', 'zk-0 answered no session within 10.1 s: the server gives none')).toBe(
    false,
  );
  expect(isKnown('zk.tolerates-node-loss', '0 of zk-0, zk-2 lead, not one')).toBe(true);
  expect(isKnown('zk.tolerates-node-loss', '2 of zk-0, zk-2 lead, not one')).toBe(false);
  expect(isKnown('zk.tolerates-node-loss', lost)).toBe(false);
});
