import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import {
  added,
  ended,
  fence,
  fenced,
  gap,
  observed,
  readied,
  touched,
  web,
  type PodTraits,
  type Step,
} from '../history/testing.ts';
import { contentFollowsToAnotherNode, contentSurvives, eachPodServes, type Page } from './content.ts';

const pages: readonly Page[] = [
  { ordinal: 0, path: '/', body: 'web-0\n' },
  { ordinal: 1, path: '/', body: 'web-1\n' },
];

function got(moment: string, target: string, address: string, body: string, status = 200): Step {
  return observed({ of: 'http', moment, target, address, status, body });
}

function silence(moment: string, target: string): Step {
  return observed({ of: 'http', moment, target, status: 0, body: '', because: 'timed out' });
}

describe('eachPodServes', () => {
  const { judge } = eachPodServes(web, pages, { moment: 'asked', from: 'settled', to: 'done' });
  const seen = (...steps: readonly Step[]): History =>
    fenced(readied('web-0'), readied('web-1'), fence('settled'), ...steps, fence('done'));
  const first = got('asked', 'web-0/', '10.0.0.1', 'web-0\n');

  test('upheld: each serves its name', () => {
    const history = seen(first, got('asked', 'web-1/', '10.0.0.2', 'web-1\n'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: crossed, cut short, not found, from another address', () => {
    for (const second of [
      got('asked', 'web-1/', '10.0.0.2', 'web-0\n'),
      got('asked', 'web-1/', '10.0.0.2', 'web-1'),
      got('asked', 'web-1/', '10.0.0.2', '', 403),
      got('asked', 'web-1/', '10.0.0.1', 'web-1\n'),
    ])
      expect(judge(seen(first, second))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no answer, not asked, at another moment', () => {
    for (const second of [silence('asked', 'web-1/'), got('later', 'web-1/', '10.0.0.2', 'web-1\n')])
      expect(judge(seen(first, second))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was replaced meanwhile, was not there, a gap', () => {
    const second = got('asked', 'web-1/', '10.0.0.2', 'web-1\n');
    expect(judge(seen(first, second, ended('web-1'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    const alone = fenced(readied('web-0'), fence('settled'), first, second, fence('done'));
    expect(judge(alone)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first, second, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

const moments = {
  before: { moment: 'before', from: 'before', to: 'seen before' },
  after: { moment: 'after', from: 'after', to: 'seen after' },
};
const page: Page = { ordinal: 0, path: '/nonce.txt', body: 'f81d4fae\n' };
const target = 'web-0/nonce.txt';

interface Told {
  readonly earlier?: Step;
  readonly meanwhile?: readonly Step[];
  readonly later?: readonly Step[];
}

function told({ earlier, meanwhile, later }: Told): History {
  return fenced(
    readied('web-0'),
    fence('before'),
    earlier ?? got('before', target, '10.0.0.1', page.body),
    fence('seen before'),
    ...(meanwhile ?? moved({})),
    fence('after'),
    ...(later ?? [got('after', target, '10.0.0.9', page.body)]),
    fence('seen after'),
  );
}

function moved(traits: PodTraits): readonly Step[] {
  return [ended('web-0'), readied('web-0', { ip: '10.0.0.9', node: 'worker-2', ...traits })];
}

describe('contentSurvives', () => {
  const { judge } = contentSurvives(web, [page], moments);

  test('upheld: another Pod serves the same', () => {
    expect(judge(told({}))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is gone, it is another’s', () => {
    expect(judge(told({ later: [got('after', target, '10.0.0.9', '', 404)] }))).toMatchObject({ outcome: 'violated' });
    expect(judge(told({ later: [got('after', target, '10.0.0.9', '6ba7b810\n')] }))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the Pod is the same, so nothing had to survive', () => {
    const history = told({ meanwhile: [touched('web-0')], later: [got('after', target, '10.0.0.1', page.body)] });
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive', because: 'web-0 was not replaced' });
  });
  test('inconclusive: it was not served before', () => {
    expect(judge(told({ earlier: got('before', target, '10.0.0.1', '', 404) }))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no answer, nobody asked, no Pod', () => {
    expect(judge(told({ later: [silence('after', target)] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ later: [] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ meanwhile: [ended('web-0')] }))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('contentFollowsToAnotherNode', () => {
  const { judge } = contentFollowsToAnotherNode(web, [page], moments);

  test('upheld: another Pod on another node serves the same', () => {
    expect(judge(told({}))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: what it had is lost there', () => {
    expect(judge(told({ later: [got('after', target, '10.0.0.9', '', 404)] }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: no node takes it', () => {
    const history = told({ meanwhile: [ended('web-0'), added('web-0')], later: [] });
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it came back where it was', () => {
    expect(judge(told({ meanwhile: moved({ node: 'worker-1' }) }))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod is the same, nobody asked', () => {
    expect(judge(told({ meanwhile: [touched('web-0')] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ later: [] }))).toMatchObject({ outcome: 'inconclusive' });
  });
});
