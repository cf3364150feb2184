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
