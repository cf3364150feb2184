import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requireBrowser } from './browser.ts';
import { buildEvidence } from './gather.ts';
import { renderJunit } from './junit.ts';
import { burstStory, createdStory, judged, sampleCatalogue, sampleFacts } from './testing.ts';
import { writeReport } from './write.ts';

const created = createdStory();
const burst = burstStory();
const histories = new Map([
  ['histories/web-basics--created.jsonl', created],
  ['histories/web-basics--burst.jsonl', burst],
]);
const burstStories = [
  { title: 'two replicas appear at once', file: 'histories/web-basics--burst.jsonl', status: 'told', durationMs: 1900 },
] as const;
const evidence = buildEvidence(
  sampleFacts(),
  [
    judged('web.ordered-creation', 'upheld', { scope: [{ resources: ['pods'], to: 'created' }] }),
    judged('web.gated', 'violated', {
      stories: burstStories,
      because: 'web-1 was added <b>while</b> web-0 was not Running & Ready \u0001',
      counterexample: burst.changes('pods').filter(({ type }) => type === 'added'),
      counterexampleStory: burstStories[0].title,
    }),
    judged('web.identity', 'inconclusive'),
    judged('web.gated', 'upheld', { kind: 'control', stories: burstStories }),
  ],
  sampleCatalogue,
  histories,
);

let browser: Browser;
let reports: string;
beforeAll(async () => {
  const executablePath = await requireBrowser();
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-dev-shm-usage',
  ];
  browser = await chromium.launch({ executablePath, args });
  reports = await mkdtemp(join(tmpdir(), 'steadfast-page-'));
  await writeReport(join(reports, 'run'), evidence, histories);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (reports !== undefined) await rm(reports, { recursive: true });
});

describe('the report, opened from a file', () => {
  let page: Page;
  let complaints: string[];
  let requests: string[];
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1320, height: 900 } });
    complaints = [];
    requests = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(reports, 'run/index.html')).href);
  });
  // Seen after each test, so that whatever was clicked is covered.
  afterEach(async () => {
    await page.close();
    const asked = requests.filter((url) => !url.startsWith('data:')).slice(1);
    if (complaints.length + asked.length > 0)
      throw new Error(`the page complained or asked for something: ${[...complaints, ...asked].join('; ')}`);
  });

  /** The compiler knows no browser's types here, so that code of the page stands in strings. */
  const inPage = <Value>(expression: string) => page.evaluate(expression) as Promise<Value>;

  test('says how it came out, and shows each claim with what it rests on', async () => {
    expect(await page.textContent('h1')).toBe('1 of 3 claims violated');
    expect(await page.locator('tr.claim').count()).toBe(3);
    expect(await page.textContent('[id="claim-web.ordered-creation"] td:nth-child(3)')).toBe('2 Pod additions');
    expect(await page.textContent('[id="claim-web.gated"] .because')).toContain('<b>while</b>');
  });

  test('is filtered by outcome and by words', async () => {
    const shown = () => page.locator('tr.claim:visible').evaluateAll((rows) => rows.map((row) => row.id));
    await page.click('[data-filter="violated"]');
    expect(await shown()).toEqual(['claim-web.gated']);
    expect(await page.textContent('#count')).toBe('1 of 3 claims');
    await page.click('[data-filter="inconclusive"]');
    expect(await shown()).toEqual(['claim-web.gated', 'claim-web.identity']);
    await page.fill('#text', 'KEEPS name');
    expect(await shown()).toEqual(['claim-web.identity']);
    await page.fill('#text', 'no such words');
    expect(await page.isVisible('#nothing')).toBe(true);
  });

  test('outlines the counterexample of a violated claim that is picked, and dims the rest', async () => {
    const story = page.locator('[id="web-basics--burst"]');
    const overlay = story.locator('.overlay[data-claim="web.gated"]');
    expect(await overlay.isVisible()).toBe(false);
    await page.click('[id="claim-web.gated"] a.pick');
    expect(await overlay.isVisible()).toBe(true);
    expect(await overlay.locator('circle').count()).toBe(2);
    expect(await story.locator('.it.in-scope').count()).toBe(2);
    const opacities = await inPage<number[]>(
      `[...document.querySelectorAll('#web-basics--burst .it')].map((thing) => Number(getComputedStyle(thing).opacity))`,
    );
    expect(opacities.filter((opacity) => opacity === 1)).toHaveLength(2);
    expect(opacities.filter((opacity) => opacity < 0.5).length).toBeGreaterThan(2);
    await page.keyboard.press('Escape');
    expect(await overlay.isVisible()).toBe(false);
  });

  test('dims what the guarantee of an upheld claim did not look at', async () => {
    const story = page.locator('[id="web-basics--created"]');
    await story.locator('[data-pick="web.ordered-creation"]').click();
    expect(await story.locator('.verdict').textContent()).toBe(
      'web.ordered-creation · upheld · examined 2 Pod additions',
    );
    expect(await story.locator('.it.in-scope[data-r="persistentvolumeclaims"]').count()).toBe(0);
    // After the fence web-0 is deleted and made again: neither its end nor its second life was looked at.
    expect(await story.locator('.it.in-scope:has(.terminating)').count()).toBe(0);
    expect(await story.locator('.it.in-scope:has(.segment.ready)').count()).toBe(2);
    await story.locator('[data-pick="web.ordered-creation"]').click();
    expect(await story.locator('.timeline.picked').count()).toBe(0);
  });

  test('tells the facts of what is pointed at', async () => {
    await page.locator('[id="web-basics--created"] .segment.terminating').first().hover();
    expect(await page.isVisible('#tip')).toBe(true);
    expect(await page.textContent('#tip')).toMatch(/^web-0 · r1 · web-0-ui\nRunning\nReady\nTerminating/);
  });

  test.each(['light', 'dark'] as const)('has its colours and hatches in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const look = (selector: string, property: string) =>
      inPage<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
    expect(await look('body', 'backgroundColor')).toBe(
      { light: 'rgb(246, 248, 250)', dark: 'rgb(11, 14, 19)' }[colorScheme],
    );
    expect(await look('.segment.pending', 'fill')).toBe('url("#hatch-pending")');
    expect(await look('.patterns .pending-paper', 'fill')).toBe(
      { light: 'rgb(244, 213, 138)', dark: 'rgb(77, 61, 18)' }[colorScheme],
    );
  });
});

test('the picture of a violated claim stands alone', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(reports, 'run/diagnostics/web.gated.svg')).href);
  expect(await page.evaluate('document.documentElement.tagName')).toBe('svg');
  expect(await page.locator('.counterexample circle').count()).toBe(2);
  await page.close();
});

test('junit.xml is well-formed for a real parser', async () => {
  const page = await browser.newPage();
  const cases = await page.evaluate(`(() => {
    const parsed = new DOMParser().parseFromString(${JSON.stringify(renderJunit(evidence))}, 'application/xml');
    return parsed.querySelector('parsererror')?.textContent ?? String(parsed.querySelectorAll('testcase').length);
  })()`);
  expect(cases).toBe('3');
  await page.close();
});
