import { expect, test } from 'vitest';
import {
  added,
  deleted,
  fence,
  fenced,
  gap,
  readied,
  ready,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { before, spanned } from './testing.ts';
import { atLeastStayReady, podsStayReady } from './standing.ts';

const two = (...steps: readonly Step[]) =>
  atLeastStayReady(web, 2, spanned).judge(
    fenced(readied('web-0'), readied('web-1'), readied('web-2'), before, ...steps),
  );

test('upheld: one at a time', () => {
  const steps = [terminating('web-2'), deleted('web-2'), readied('web-2'), unready('web-0'), ready('web-0')];
  expect(two(...steps)).toMatchObject({ outcome: 'upheld', examined: { count: 7 } });
});
test('violated: the second goes before the first is back', () => {
  const steps = [terminating('web-2'), deleted('web-2'), added('web-2'), terminating('web-1')];
  expect(two(...steps)).toMatchObject({
    outcome: 'violated',
    because: 'only 1 of the Pods of web were Ready, and 2 had to be',
    counterexample: [{ type: 'added' }, { object: { metadata: { name: 'web-1' } } }],
  });
});
test('violated: one that is Ready and on its way out does not stand', () => {
  expect(two(terminating('web-1'), terminating('web-0'))).toMatchObject({ outcome: 'violated' });
});
test('violated: two at once, although one is soon back', () => {
  expect(two(unready('web-0'), unready('web-1'), ready('web-0'))).toMatchObject({ outcome: 'violated' });
});
test('violated: it was so from the beginning', () => {
  const history = fenced(readied('web-0'), added('web-1'), before, ready('web-1'));
  expect(atLeastStayReady(web, 2, spanned).judge(history)).toMatchObject({ outcome: 'violated' });
});
test('inconclusive: nothing was ever unavailable', () => {
  expect(two(touched('web-0'))).toMatchObject({
    outcome: 'inconclusive',
    because: 'there were never fewer than 3 Pods of web Ready',
  });
});
test('inconclusive: no fence, or a gap', () => {
  expect(atLeastStayReady(web, 0, spanned).judge(unfenced(readied('web-0')))).toMatchObject({
    outcome: 'inconclusive',
  });
  expect(two(gap('pods'), terminating('web-2'))).toMatchObject({ outcome: 'inconclusive' });
});

const stays = (...steps: readonly Step[]) =>
  podsStayReady(web, [2], spanned).judge(fenced(readied('web-1'), readied('web-2'), before, ...steps, fence('after')));

test('upheld: others come and go', () => {
  expect(stays(terminating('web-1'), deleted('web-1'), touched('web-2'))).toMatchObject({ outcome: 'upheld' });
});
test('violated: it is asked to go', () => {
  expect(stays(terminating('web-2'))).toMatchObject({ outcome: 'violated', because: 'web-2 was deleted' });
});
test('violated: it is replaced by one that is Ready', () => {
  expect(stays(deleted('web-2'), readied('web-2'))).toMatchObject({ outcome: 'violated' });
});
test('violated: for a moment it is not Ready', () => {
  expect(stays(unready('web-2'), ready('web-2'))).toMatchObject({
    outcome: 'violated',
    because: 'web-2 did not stay Ready',
  });
});
test('violated: its container is restarted', () => {
  expect(stays(touched('web-2', { restarts: 1 }))).toMatchObject({ outcome: 'violated' });
});
test('inconclusive: it was not Ready to begin with', () => {
  const history = fenced(added('web-2'), before, ready('web-2'));
  expect(podsStayReady(web, [2], spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
});
