import { describe, expect, test } from 'vitest';
import { replaceOnce } from './source.ts';

const text = 'if ready {\n\treturn\n}\nif running {\n\treturn\n}\n';

describe('what a mutant searches', () => {
  test('is replaced where it stands once, over several lines and to the letter', () => {
    expect(replaceOnce(text, 'if ready {\n\treturn', 'if $& {', 'a.go')).toBe(
      'if $& {\n}\nif running {\n\treturn\n}\n',
    );
  });

  test('is refused where it does not stand', () => {
    expect(() => replaceOnce(text, 'if Ready {', '', 'a.go')).toThrow('search: it matches 0 times in a.go');
  });

  test('is refused where whitespace differs', () => {
    expect(() => replaceOnce(text, 'if ready {\n  return', '', 'a.go')).toThrow('it matches 0 times');
  });

  test('is refused where it stands twice, with the lines', () => {
    expect(() => replaceOnce(text, '\treturn', '', 'a.go')).toThrow('it matches 2 times in a.go (lines 2, 5)');
  });
});
