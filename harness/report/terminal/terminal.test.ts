import { describe, expect, test } from 'vitest';
import { buildEvidence } from '../gather.ts';
import type { RunEvent } from '../events.ts';
import { judged, sampleCatalogue, sampleFacts } from '../testing.ts';
import { renderConclusion } from './conclusion.ts';
import { renderFrame } from './frame.ts';
import type { Screen } from './liveLines.ts';
import { advance, stateBefore } from './state.ts';
import { Terminal } from './terminal.ts';

class PaperScreen implements Screen {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly rows = 20;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

const events: readonly RunEvent[] = [
  { kind: 'run-began', atMs: 0, claims: 3, controls: 1 },
  { kind: 'story-began', atMs: 1_000, story: 'three replicas are created' },
  { kind: 'story-began', atMs: 2_000, story: 'a set is scaled' },
  {
    kind: 'story-waits',
    atMs: 3_000,
    story: 'a set is scaled',
    for: 'web-2 to be Ready',
    lastSeen: 'web-2 Pending',
    sinceMs: 3_000,
  },
  {
    kind: 'story-waits',
    atMs: 4_000,
    story: 'three replicas are created',
    for: 'web to be ready',
    lastSeen: 'web-0 Running',
    sinceMs: 1_500,
  },
  {
    kind: 'claim-judged',
    atMs: 5_000,
    judgement: judged('web.gated', 'violated', { because: 'web-1 came too early' }),
  },
];

describe('the live display', () => {
  const state = events.reduce(advance, stateBefore(0));

  test('shows the claims judged, the stories under way and the slowest wait with what it saw last', () => {
    expect(renderFrame(state, 11_500, 120, 20)).toEqual([
      '1 of 3 claims · 0 of 1 controls · 1 violated · 2 stories under way · 12 s',
      '        11 s  three replicas are created',
      '       9.5 s  a set is scaled',
      'slowest wait: 10 s for web to be ready (three replicas are created); last seen: web-0 Running',
    ]);
  });

  test('never exceeds the terminal', () => {
    for (const [columns, rows] of [
      [20, 4],
      [40, 6],
    ] as const) {
      const lines = renderFrame(state, 11_500, columns, rows);
      expect(lines.every((line) => line.length <= columns)).toBe(true);
      expect(lines.length).toBeLessThanOrEqual(rows);
    }
  });

  test('a story that ended is no longer under way', () => {
    const ended = advance(state, { kind: 'story-ended', atMs: 9_000, story: 'a set is scaled', status: 'told' });
    expect(ended.stories.map(({ story }) => story)).toEqual(['three replicas are created']);
  });
});

describe('where nothing can be redrawn', () => {
  test('each claim and each story gets a line, and nothing else is written', () => {
    const screen = new PaperScreen(false);
    const terminal = new Terminal(screen, { now: () => 0 });
    for (const event of events) terminal.handle(event);
    terminal.handle({ kind: 'story-ended', atMs: 13_000, story: 'three replicas are created', status: 'told' });
    terminal.handle({
      kind: 'story-ended',
      atMs: 14_000,
      story: 'a set is scaled',
      status: 'broken',
      because: 'the node went away',
    });
    terminal.handle({ kind: 'claim-judged', atMs: 14_000, judgement: judged('web.identity', 'upheld') });
    terminal.handle({
      kind: 'claim-judged',
      atMs: 14_000,
      judgement: judged('web.gated', 'upheld', { kind: 'control' }),
    });
    terminal.close();
    expect(screen.text.split('\n')).toEqual([
      'violated     web.gated: web-1 came too early',
      'told         three replicas are created (12 s)',
      'broken       a set is scaled (12 s): the node went away',
      'upheld       web.identity (2 Pod additions)',
      'red as meant control web.gated',
      '',
    ]);
  });
});

describe('on a terminal', () => {
  test('what is upheld passes by, what is not stays, and the cursor comes back', () => {
    const screen = new PaperScreen(true);
    const terminal = new Terminal(screen, { now: () => 6_000, colours: false });
    for (const event of events) terminal.handle(event);
    terminal.handle({ kind: 'claim-judged', atMs: 6_000, judgement: judged('web.identity', 'upheld') });
    terminal.close();
    terminal.say('later');
    expect(screen.text).toContain('violated     web.gated: web-1 came too early\n');
    expect(screen.text).not.toContain('upheld       web.identity');
    expect(screen.text.lastIndexOf('\u001B[?25h')).toBeGreaterThan(screen.text.lastIndexOf('\u001B[?25l'));
    expect(screen.text.endsWith('later\n')).toBe(true);
  });
});

describe('the end', () => {
  const evidence = buildEvidence(
    sampleFacts(),
    [
      judged('web.ordered-creation', 'upheld'),
      judged('web.gated', 'violated', { because: 'web-1 came too early' }),
      judged('web.identity', 'not-run', { because: 'needs a second node' }),
      judged('web.gated', 'upheld', { kind: 'control' }),
    ],
    sampleCatalogue,
  );
  const text = renderConclusion(evidence, 'reports/x');

  test('has a table by tutorial', () => {
    expect(text).toMatch(/StatefulSet Basics\s+│\s+3\s+│\s+1\s+│\s+1\s+│\s+0\s+│\s+1\s+│\s+1 of 1/);
  });

  test('names every claim that is not upheld, with its reason and the command that judges it again', () => {
    expect(text).toContain('violated web.gated: `web-1` waits');
    expect(text).toContain('    web-1 came too early\n');
    expect(text).toContain('    judge it again: npm run judge -- 20260101-1200-test --claim web.gated');
    expect(text).toContain('not run (1): needs a second node\n    web.identity');
    expect(text).toContain('1 of 2 claims violated');
    expect(text).toContain('report: reports/x/index.html');
  });

  test('says once what two controls of one story have to say', () => {
    const unheard = judged('web.gated', 'not-run', { kind: 'control', because: 'the cluster was left' });
    const said = renderConclusion(buildEvidence(sampleFacts(), [unheard, unheard], sampleCatalogue), 'reports/x');
    expect(said.split('the cluster was left')).toHaveLength(2);
    expect(said).toContain('the cluster was left (2 controls)\n');
  });
});
