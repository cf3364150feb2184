import { describe, expect, test } from 'vitest';
import { isOneOf } from './running.ts';

describe('isOneOf', () => {
  test('yes: the same id, or the same digest under whatever name', () => {
    expect(isOneOf(['sha256:7', 'sha256:8'], 'sha256:8')).toBe('yes');
    expect(isOneOf(['gcr.io/nginx@sha256:8'], 'registry.k8s.io/nginx@sha256:8')).toBe('yes');
  });
  test('no: another id, or another digest', () => {
    expect(isOneOf(['sha256:7', 'nginx@sha256:8'], 'sha256:9')).toBe('no');
    expect(isOneOf(['sha256:7', 'nginx@sha256:8'], 'nginx@sha256:7')).toBe('no');
  });
  test('unknown: an id is no digest', () => {
    expect(isOneOf(['nginx@sha256:8'], 'sha256:7')).toBe('unknown');
    expect(isOneOf(['sha256:8'], 'nginx@sha256:7')).toBe('unknown');
  });
  test('unknown: nothing is known, or nothing runs', () => {
    expect(isOneOf([], 'sha256:7')).toBe('unknown');
    expect(isOneOf(['sha256:7'], undefined)).toBe('unknown');
  });
});
