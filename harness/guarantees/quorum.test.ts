import { describe, expect, test } from 'vitest';
import { fenced, readied, running, unready, web, type Step } from '../history/testing.ts';
import { aQuorumAcknowledges, aServerAloneAcknowledgesNothing, nothingIsWrittenBeforeTheElection } from './quorum.ts';
import { asked, askedAt, atMoment, notServing, settled, srvr, word } from './testingServers.ts';

const now = askedAt('now');
const unsent = (pod: string): Step =>
  asked(pod, 'create /a', { status: 'failed', code: 'NO_SESSION', because: 'none' });
const mute = (pod: string): Step => asked(pod, 'create /a', { status: 'indeterminate', because: 'late' });
const done = (pod: string): Step => asked(pod, 'create /a', { answer: '/a' });

describe('aServerAloneAcknowledgesNothing', () => {
  const { judge } = aServerAloneAcknowledgesNothing(web, 0, now);
  const seen = (...steps: readonly Step[]) => judge(fenced(readied('web-0'), ...atMoment('now', ...steps)));
  const idle = word('web-0', 'srvr', notServing);

  test('upheld: it takes no session, or leaves the write without an answer', () => {
    expect(seen(unsent('web-0'), idle)).toMatchObject({ outcome: 'upheld' });
    expect(seen(mute('web-0'), idle)).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: it acknowledges, or says that it serves', () => {
    expect(seen(done('web-0'), idle)).toMatchObject({ outcome: 'violated' });
    expect(seen(unsent('web-0'), srvr('web-0', 'standalone'))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it was not asked, or nothing was written', () => {
    expect(seen(unsent('web-0'))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(idle)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(asked('web-0', 'get /a', { status: 'failed', code: 'NO_SESSION' }), idle)).toMatchObject({
      outcome: 'inconclusive',
    });
  });

  test('inconclusive: it was not alone, not Ready, or changed meanwhile', () => {
    expect(judge(fenced(...settled(unsent('web-0'), idle)))).toMatchObject({ outcome: 'inconclusive' });
    const steps = atMoment('now', unsent('web-0'), idle);
    expect(judge(fenced(readied('web-0'), unready('web-0'), ...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(unsent('web-0'), unready('web-0'), idle)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('aQuorumAcknowledges', () => {
  const { judge } = aQuorumAcknowledges(web, [0, 1], now);
  const seen = (...steps: readonly Step[]) => judge(fenced(...settled(...steps)));

  test('upheld: each takes a write', () => {
    expect(seen(done('web-0'), done('web-1'))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: one takes none', () => {
    for (const failed of [unsent('web-1'), mute('web-1')])
      expect(seen(done('web-0'), failed)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: one was not asked to, or there are other Pods than expected', () => {
    expect(seen(done('web-0'))).toMatchObject({ outcome: 'inconclusive' });
    const more = fenced(readied('web-2'), ...settled(done('web-0'), done('web-1'), done('web-2')));
    expect(judge(more)).toMatchObject({ outcome: 'inconclusive' });
    const less = fenced(readied('web-0'), ...atMoment('now', done('web-0')));
    expect(judge(less)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('nothingIsWrittenBeforeTheElection', () => {
  const { judge } = nothingIsWrittenBeforeTheElection();
  const early = asked('web-0', 'create /a', { status: 'failed', code: 'NO_SESSION', after: -1 });
  const seen = (...steps: readonly Step[]) => judge(fenced(...steps, running('web-0')));
  const pod = readied('web-0');

  test('upheld: refused first, taken once there is a leader', () => {
    expect(seen(pod, early, srvr('web-0', 'leader'), done('web-0'))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: taken before any server led, or though none ever did', () => {
    const taken = asked('web-0', 'create /a', { after: -1 });
    expect(seen(pod, taken, srvr('web-0', 'leader'), done('web-0'))).toMatchObject({ outcome: 'violated' });
    expect(seen(pod, taken, srvr('web-0', 'standalone'))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: nothing was tried early, or nothing was ever taken', () => {
    expect(seen(pod, srvr('web-0', 'leader'), done('web-0'))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(pod, early, srvr('web-0', 'leader'))).toMatchObject({ outcome: 'inconclusive' });
  });
});
