import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, gap, observed, readied, web, type Step } from '../history/testing.ts';
import { podsAreGuaranteed, portsAreOpen, tryingPort } from './shape.ts';
import { changed } from './testing.ts';

type Fields = Readonly<Record<string, object>>;

const asked = { moment: 'asked', from: 'begin', to: 'close' } as const;

describe('podsAreGuaranteed', () => {
  const wanted = { cpu: '500m', memory: '1Gi' };
  const { judge } = podsAreGuaranteed(wanted, web);
  const sized = (step: Step, resources: object | undefined, qosClass = 'Guaranteed'): Step =>
    changed(step, (object) => ({
      ...object,
      spec: { containers: [{ name: 'nginx', resources }] },
      status: { ...(object as Fields)['status'], qosClass },
    }));

  test('upheld: requests and limits are what was asked for, in whatever order', () => {
    const resources = { limits: wanted, requests: { memory: '1Gi', cpu: '500m' } };
    expect(judge(fenced(sized(readied('web-0'), resources)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: no limits, other sizes, nothing at all, another class', () => {
    for (const resources of [{ requests: wanted }, { requests: wanted, limits: { ...wanted, cpu: '1' } }, undefined])
      expect(judge(fenced(sized(readied('web-0'), resources)))).toMatchObject({ outcome: 'violated' });
    const burstable = sized(readied('web-0'), { limits: wanted, requests: wanted }, 'Burstable');
    expect(judge(fenced(burstable))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: there was no Pod', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('portsAreOpen', () => {
  const { judge } = portsAreOpen({ declared: [80, 443], open: [80] }, web, [0], asked);
  const declaring = (step: Step, ports: readonly number[]): Step =>
    changed(step, (object) => ({
      ...object,
      spec: { containers: [{ name: 'nginx', ports: ports.map((containerPort) => ({ containerPort })) }] },
    }));
  const tried = (exitCode = 0, ip = '10.0.0.1', port = 80): Step => {
    const argv = tryingPort(ip, port);
    return observed({ of: 'command', moment: 'asked', pod: 'probe', argv, exitCode, stdout: '', stderr: 'refused' });
  };
  const told = (ports: readonly number[], ...looks: readonly Step[]): History =>
    fenced(declaring(readied('web-0'), ports), fence('begin'), ...looks, fence('close'));

  test('upheld: declared in any order, and open', () => {
    expect(judge(told([443, 80], tried()))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: one is not declared, or one too many; it does not listen', () => {
    for (const ports of [[80], [80, 443, 8080], []])
      expect(judge(told(ports, tried()))).toMatchObject({ outcome: 'violated' });
    for (const exitCode of [1, 124])
      expect(judge(told([80, 443], tried(exitCode)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody tried, or another address; the Pod was replaced; a gap', () => {
    expect(judge(told([80, 443]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([80, 443], tried(0, '10.0.0.2')))).toMatchObject({ outcome: 'inconclusive' });
    const replaced = told([80, 443], tried(), ended('web-0'), declaring(readied('web-0'), [80, 443]));
    expect(judge(replaced)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([80, 443], tried(), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
