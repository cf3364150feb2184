import { expect, test } from 'vitest';
import { Interrupted, Interruption } from './interruption.ts';

function pressed() {
  const clock = { nowMs: 1000 };
  const left: number[] = [];
  const interruption = new Interruption(
    () => clock.nowMs,
    (exitCode) => void left.push(exitCode),
  );
  const said: string[] = [];
  interruption.onSecond(() => void said.push('what is left'));
  return { clock, interruption, left, said };
}

test('the first Ctrl-C stops what is under way and says so', () => {
  const { interruption, left } = pressed();
  interruption.press('SIGINT');
  expect(interruption.signal.reason).toBeInstanceOf(Interrupted);
  expect(interruption.because?.message).toBe('interrupted by Ctrl-C');
  expect(left).toEqual([]);
});

test('one press that arrives in several ways is one press', () => {
  const { clock, interruption, left } = pressed();
  for (const laterMs of [0, 3, 200]) {
    clock.nowMs += laterMs;
    interruption.press('SIGINT');
  }
  expect(left).toEqual([]);
});

test('the second press says what is left and leaves at once with 130', () => {
  const { clock, interruption, left, said } = pressed();
  interruption.press('SIGINT');
  clock.nowMs += 1500;
  interruption.press('SIGINT');
  expect(said).toEqual(['what is left']);
  expect(left).toEqual([130]);
});

test('SIGTERM counts as well', () => {
  const { interruption } = pressed();
  interruption.press('SIGTERM');
  expect(interruption.because?.message).toBe('interrupted by SIGTERM');
});
