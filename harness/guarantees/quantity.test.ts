import { expect, test } from 'vitest';
import { bytesOf } from './quantity.ts';

test('binary and decimal suffixes, and none', () => {
  expect(bytesOf('1Gi')).toBe(1_073_741_824);
  expect(bytesOf('1G')).toBe(1_000_000_000);
  expect(bytesOf('0.5Mi')).toBe(524_288);
  expect(bytesOf('1024')).toBe(1024);
});
test('no quantity is no number', () => {
  expect(bytesOf('')).toBeUndefined();
  expect(bytesOf('Gi')).toBeUndefined();
  expect(bytesOf('1 apple')).toBeUndefined();
});
