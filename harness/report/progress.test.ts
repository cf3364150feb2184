import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { printProgress } from './progress.ts';

describe('set-up steps', () => {
  let written = '';
  const screen = (isTTY: boolean) => ({ isTTY, columns: 80, write: (text: string) => void (written += text) });
  beforeEach(() => {
    written = '';
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  test('a short one is a line at its end', () => {
    printProgress(screen(false)).step('kind', 'it makes the cluster').skipped('already there');
    expect(written).toBe('-- kind (already there)\n');
  });

  test('a long one says what and why, how it goes every 15 s, and how it ended', () => {
    const step = printProgress(screen(false)).step('node image', 'no registry answers');
    vi.advanceTimersByTime(3_000);
    step.update('compiling kubelet');
    vi.advanceTimersByTime(13_000);
    step.done('built');
    vi.advanceTimersByTime(60_000);
    expect(written.split('\n')).toEqual([
      '.. node image: no registry answers',
      '.. node image, 15 s: compiling kubelet',
      'ok node image (built, 16 s)',
      '',
    ]);
  });

  test('on a terminal the steps under way are redrawn, and those that ended stay above them', () => {
    const progress = printProgress(screen(true), { colours: false });
    const image = progress.step('node image', 'no registry answers');
    const kind = progress.step('kind', 'it makes the cluster');
    kind.failed('not found');
    image.done();
    expect(written).toContain('FAILED kind (not found)\n');
    expect(written.endsWith('ok node image\n')).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
