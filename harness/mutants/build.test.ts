import { expect, test } from 'vitest';
import { whyNot } from './build.ts';

const file = 'pkg/controller/a.go';

test('what does not compile is told in the compiler’s words, with the file’s own name', () => {
  const message =
    '`nice go build` ended with exit code 1:\nk8s.io/a\n# k8s.io/b\n/tmp/x/mutated.go:3:14: declared and not used: x';
  expect(whyNot(message, file)).toBe(`it does not compile: ${file}:3:14: declared and not used: x`);
});

test('what else went wrong is told as it is', () => {
  expect(whyNot('no space left on device', file)).toBe('no space left on device');
});
