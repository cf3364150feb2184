import { describe, expect, test } from 'vitest';
import { added, fence, gap, observed, ready, reported, unfenced } from '../../history/testing.ts';
import { burstStory, createdStory } from '../testing.ts';
import { pack, ticksOf } from './geometry.ts';
import { timelineOf } from './model.ts';
import { renderTimeline } from './render.ts';

test('the same history gives the same picture', () => {
  expect(renderTimeline(timelineOf(createdStory()))).toBe(renderTimeline(timelineOf(createdStory())));
});

test('text of others cannot become markup', () => {
  const history = unfenced(
    added('web-0'),
    fence('<script>"&\u0000'),
    observed({ of: 'http', moment: '<', target: '<b>', status: 200, body: ']]>' }),
  );
  const svg = renderTimeline(timelineOf(history), { standalone: true });
  expect(svg).not.toMatch(/<script|<b>/);
  expect(svg).not.toContain('\u0000');
  expect(svg).toContain('&lt;script&gt;&quot;&amp;');
});

describe('a counterexample', () => {
  const history = burstStory();
  const indexes = history
    .changes('pods')
    .filter(({ type }) => type === 'added')
    .map(({ index }) => index);

  test('is outlined and numbered, and only what it is about is in scope', () => {
    const svg = renderTimeline(timelineOf(history), { counterexample: indexes });
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg.match(/class="counterexample"/g)).toHaveLength(1);
    expect(svg.match(/class="it in-scope"/g)).toHaveLength(2);
    expect(svg).toContain('class="timeline picked"');
  });

  test('of entries in one segment gets one outline and a number for each', () => {
    const once = unfenced(added('web-0'), ready('web-0'), ready('web-0'));
    const drawn = /<g class="counterexample">.*?<\/g>/s.exec(
      renderTimeline(timelineOf(once), { counterexample: [1, 2] }),
    )?.[0];
    expect(drawn?.match(/<rect/g)).toHaveLength(1);
    expect(drawn?.match(/<circle/g)).toHaveLength(2);
  });

  test('of an entry that has no lane stands as a numbered line', () => {
    const service = unfenced(added('web-0'), reported('services', 'added', 'nginx'), ready('web-0'));
    const drawn = /<g class="counterexample">.*?<\/g>/s.exec(
      renderTimeline(timelineOf(service), { counterexample: [1] }),
    )?.[0];
    expect(drawn).toMatch(/<path d="M[\d.]+ 20V/);
  });

  test('for the page is hidden in an overlay by the name of its claim', () => {
    const svg = renderTimeline(timelineOf(history), { overlays: [{ claim: 'web.gated', indexes }] });
    expect(svg).toContain('<g class="overlay" data-claim="web.gated"><g class="counterexample">');
    expect(svg).not.toContain('picked');
  });
});

test('after a gap the lanes of its resource are shaded, and no others', () => {
  const svg = renderTimeline(
    timelineOf(
      unfenced(added('web-0'), reported('statefulsets', 'added', 'web', { spec: {} }), gap('pods'), ready('web-0')),
    ),
  );
  expect(svg.match(/class="doubt"/g)).toHaveLength(1);
});

test('an empty history is drawn', () => {
  expect(renderTimeline(timelineOf(unfenced()))).toMatch(/^<svg .*<\/svg>$/s);
});

test('ticks are round and not too many', () => {
  expect(ticksOf(6_600).map(({ label }) => label)).toContain('0.50 s');
  expect(ticksOf(45_000).map(({ label }) => label)).toEqual([
    '0 s',
    '5 s',
    '10 s',
    '15 s',
    '20 s',
    '25 s',
    '30 s',
    '35 s',
    '40 s',
    '45 s',
  ]);
  for (const ms of [1, 999, 12_345, 99_999, 1_000_000]) expect(ticksOf(ms).length).toBeLessThanOrEqual(15);
});

test('stretches that touch get rows of their own', () => {
  expect(
    pack([
      { from: 0, to: 10 },
      { from: 5, to: 15 },
      { from: 20, to: 30 },
      { from: 11, to: 12 },
    ]),
  ).toEqual([0, 1, 0, 2]);
});
