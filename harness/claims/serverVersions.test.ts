import { expect, test } from 'vitest';
import { isAtLeast } from './serverVersions.ts';

test.each([
  ['v1.34.4', '1.34', true],
  ['v1.34.4', '1.31', true],
  ['v1.34.4', '1.35', false],
  ['v1.9.11', '1.10', false],
  ['v2.0.0', '1.35', true],
  ['v1.33.5-gke.1080000', '1.33', true],
  ['v1.30.2+k3s1', '1.31', false],
])('%s is of %s or newer: %s', (server, minor, expected) => expect(isAtLeast(server, minor)).toBe(expected));
