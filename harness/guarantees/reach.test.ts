import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, readied, web, type Step } from '../history/testing.ts';
import { aPodFindsAnother, greeting, lookingUp, theNameLeadsToAServer } from './reach.ts';
import { printed } from './testingVolumes.ts';

const asked = { moment: 'asked', from: 'begin', to: 'close' } as const;

function told(...looks: readonly Step[]): History {
  return fenced(readied('web-0'), readied('web-1'), fence('begin'), ...looks, fence('close'));
}

describe('theNameLeadsToAServer', () => {
  const { judge } = theNameLeadsToAServer('nginx.ns.svc.cluster.local', 9042, web, asked);
  const said = (bytes: string, name = 'nginx.ns.svc.cluster.local'): Step =>
    printed('asked', 'probe', ` ${bytes}\n`, greeting(name, 9042));

  test('upheld: the answer is SUPPORTED', () => {
    expect(judge(told(said('84 00 00 00 06')))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: an ERROR, another protocol, nothing', () => {
    for (const bytes of ['84 00 00 00 00', '48 54 54 50 2f', ''])
      expect(judge(told(said('84 00 00 00 06'), said(bytes)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody spoke, or to another name; no Pod was there', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(said('84 00 00 00 06', 'other')))).toMatchObject({ outcome: 'inconclusive' });
    const nobody = fenced(fence('begin'), said('84 00 00 00 06'), fence('close'));
    expect(judge(nobody)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('aPodFindsAnother', () => {
  const { judge } = aPodFindsAnother(web, { from: 1, to: 0 }, asked);
  const found = (text: string, pod = 'web-1'): Step => printed('asked', pod, text, lookingUp(web, 0));

  test('upheld: the other one’s address', () => {
    expect(judge(told(found('10.0.0.1      web-0.nginx.ns.svc.cluster.local\n')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: nothing, another address, two addresses', () => {
    for (const text of ['', '10.0.0.2 web-0\n', '10.0.0.1 web-0\n10.0.0.2 web-0\n'])
      expect(judge(told(found(text)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it did not look, another one did, the other was replaced, it is itself', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(found('10.0.0.1 web-0\n', 'web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const replaced = told(found('10.0.0.1 web-0\n'), ended('web-0'), readied('web-0'));
    expect(judge(replaced)).toMatchObject({ outcome: 'inconclusive' });
    const itself = aPodFindsAnother(web, { from: 0, to: 0 }, asked);
    expect(itself.judge(told(found('10.0.0.1 web-0\n', 'web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
