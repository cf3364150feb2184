import { expect, test } from 'vitest';
import { selects } from './requirements.ts';

const labels = { app: 'nginx', tier: 'front' };

test.each([
  [{}, true],
  [{ matchLabels: { app: 'nginx' } }, true],
  [{ matchLabels: { app: 'nginx', tier: 'back' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'nginx'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  [{ matchLabels: { app: 'nginx' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['nginx'] }] }, false],
])('%j selects: %s', (selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});
