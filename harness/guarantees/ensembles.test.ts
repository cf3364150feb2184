import { describe, expect, test } from 'vitest';
import { fenced, observed, readied, touched, web, type Step } from '../history/testing.ts';
import type { Guarantee } from './guarantee.ts';
import {
  askingByName,
  eachNameLeadsToItsServer,
  eachPodRunsOneServer,
  eachServerListsTheEnsemble,
  exactlyOneServerLeads,
  serverIdsFollowOrdinals,
} from './ensembles.ts';
import { askedAt, atMoment, notServing, ran, settled, srvr, word } from './testingServers.ts';

const now = askedAt('now');
const seenBy =
  ({ judge }: Guarantee) =>
  (...steps: readonly Step[]) =>
    judge(fenced(...settled(...steps)));

describe('eachPodRunsOneServer', () => {
  const seen = seenBy(eachPodRunsOneServer(web, [0, 1], now));

  test('upheld: each serves', () => {
    expect(seen(srvr('web-0', 'leader'), srvr('web-1', 'follower'))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: one answers and does not serve', () => {
    expect(seen(srvr('web-0', 'leader'), word('web-1', 'srvr', notServing))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: one was not asked', () => {
    expect(seen(srvr('web-0', 'leader'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('exactlyOneServerLeads', () => {
  const { judge } = exactlyOneServerLeads(web, [0, 1], [now, askedAt('later')]);
  const follows = [srvr('web-0', 'leader'), srvr('web-1', 'follower')];
  const later = (zero: string, one: string, zxid = '0x100000002'): readonly Step[] =>
    atMoment('later', srvr('web-0', zero, zxid, 'later'), srvr('web-1', one, zxid, 'later'));

  test('upheld: one leads, now and later', () => {
    const history = fenced(...settled(...follows), ...later('leader', 'follower'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: nobody leads, two do, or each stands alone', () => {
    for (const [zero, one] of [
      ['follower', 'follower'],
      ['leader', 'leader'],
      ['standalone', 'standalone'],
    ] as const) {
      const history = fenced(...settled(...follows), ...later(zero, one));
      expect(judge(history)).toMatchObject({ outcome: 'violated' });
    }
  });

  test('violated: another leads later', () => {
    const history = fenced(...settled(...follows), ...later('follower', 'leader'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-1 leads after web-0' });
  });

  test('violated: they are in different epochs', () => {
    const apart = [srvr('web-0', 'leader', '0x200000001'), srvr('web-1', 'follower', '0x100000009')];
    expect(judge(fenced(...settled(...apart), ...later('leader', 'follower')))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: they were asked once', () => {
    const history = fenced(...settled(...follows), ...atMoment('later'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('serverIdsFollowOrdinals', () => {
  const seen = seenBy(serverIdsFollowOrdinals(web, [0, 1], now));
  const conf = (pod: string, id: number): Step => word(pod, 'conf', `clientPort=2181\nserverId=${id}\n`);

  test('upheld: one and two', () => {
    expect(seen(conf('web-0', 1), conf('web-1', 2))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: both are the same, or they are crossed', () => {
    expect(seen(conf('web-0', 1), conf('web-1', 1))).toMatchObject({ outcome: 'violated' });
    expect(seen(conf('web-0', 2), conf('web-1', 1))).toMatchObject({ outcome: 'violated' });
    expect(seen(conf('web-0', 0), conf('web-1', 0))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: one did not answer', () => {
    expect(seen(conf('web-0', 1))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachNameLeadsToItsServer', () => {
  const client = { pod: 'probe', port: 2181, zone: 'cluster.local' };
  const seen = seenBy(eachNameLeadsToItsServer(web, [0], client, now));
  const name = 'web-0.nginx.steadfast-vector.svc.cluster.local';
  const resolved = (...addresses: readonly string[]): Step =>
    observed({ of: 'dns', moment: 'now', question: { name, type: 'A' }, status: 'NOERROR', addresses, services: [] });
  const behind = (id: number): Step => ran('probe', askingByName(name, 2181), `serverId=${id}\n`);

  test('upheld: one address, and the right server there', () => {
    expect(seen(resolved('10.0.0.1'), behind(1))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: another server, another address, or two of them', () => {
    expect(seen(resolved('10.0.0.1'), behind(2))).toMatchObject({ outcome: 'violated' });
    expect(seen(resolved('10.0.0.2'), behind(1))).toMatchObject({ outcome: 'violated' });
    expect(seen(resolved('10.0.0.1', '10.0.0.2'), behind(1))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: DNS was not asked, or nobody connected', () => {
    expect(seen(behind(1))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(resolved('10.0.0.1'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachServerListsTheEnsemble', () => {
  const members = { ports: '2888:3888', zone: 'cluster.local' };
  const seen = seenBy(eachServerListsTheEnsemble(web, [0, 1], '/zoo.cfg', members, now));
  const line = (number: number, ordinal: number, namespace = 'steadfast-vector'): string =>
    `server.${number}=web-${ordinal}.nginx.${namespace}.svc.cluster.local:2888:3888\n`;
  const file = (pod: string, text: string): Step => ran(pod, ['cat', '/zoo.cfg'], `tickTime=2000\n${text}`);
  const right = line(1, 0) + line(2, 1);

  test('upheld: both list both', () => {
    expect(seen(file('web-0', right), file('web-1', right))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: a member is missing, too many, crossed, or of another namespace', () => {
    for (const wrong of [
      line(1, 0),
      right + line(3, 2),
      line(1, 1) + line(2, 0),
      line(1, 0, 'default') + line(2, 1),
      '',
    ])
      expect(seen(file('web-0', right), file('web-1', wrong))).toMatchObject({ outcome: 'violated' });
  });

  test('violated: there is no file', () => {
    const none = ran('web-1', ['cat', '/zoo.cfg'], '', { exitCode: 1 });
    expect(seen(file('web-0', right), none)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: a Pod changed meanwhile', () => {
    const changed = touched('web-1', { ip: '10.0.0.9' });
    expect(seen(file('web-0', right), changed, file('web-1', right))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('inconclusive: there is a Pod less than expected', () => {
    const { judge } = eachServerListsTheEnsemble(web, [0, 1], '/zoo.cfg', members, now);
    expect(judge(fenced(readied('web-0'), ...atMoment('now', file('web-0', right))))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
