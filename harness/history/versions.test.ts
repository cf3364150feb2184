import { expect, it } from 'vitest';
import { compareVersions, isVersion } from './versions.ts';

it('compares as integers of any length', () => {
  expect(compareVersions('9', '10')).toBeLessThan(0);
  expect(compareVersions('100', '99')).toBeGreaterThan(0);
  expect(compareVersions('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
  expect(compareVersions('42', '42')).toBe(0);
});

it('takes nothing else for a version', () => {
  expect(['0', '1', '105'].every(isVersion)).toBe(true);
  expect(['', '01', '1a', '-1', ' 1', 1, undefined, null].some(isVersion)).toBe(false);
});
