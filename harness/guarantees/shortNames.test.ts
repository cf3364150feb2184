import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { added, fence, fenced, observed, readied, web, type Step } from '../history/testing.ts';
import { dnsNamesOf } from './dns.ts';
import { shortNamesResolve } from './shortNames.ts';

const zone = 'cluster.local';
const names = dnsNamesOf(web, { name: 'steadfast-vector', zone });
const { judge } = shortNamesResolve(web, [0], zone, { moment: 'asked', from: 'settled', to: 'done' });

function ran(command: string, stdout: string, exitCode = 0): Step {
  return observed({
    of: 'command',
    moment: 'asked',
    pod: 'probe',
    argv: command.split(' '),
    exitCode,
    stdout,
    stderr: '',
  });
}

const found = (stdout: string, exitCode = 0): Step => ran('getent ahostsv4 web-0.nginx', stdout, exitCode);
const resolv = (search: string): Step =>
  ran('cat /etc/resolv.conf', `nameserver 10.96.0.10\n${search}\noptions ndots:5\n`);
const full = (status: 'NOERROR' | 'TIMEOUT'): Step =>
  observed({
    of: 'dns',
    moment: 'asked',
    question: { name: names.pod(0), type: 'A' },
    status,
    addresses: status === 'NOERROR' ? ['10.0.0.1'] : [],
    services: [],
  });
const search = resolv('search steadfast-vector.svc.cluster.local svc.cluster.local cluster.local');
const right = found(
  '10.0.0.1      STREAM web-0.nginx.steadfast-vector.svc.cluster.local\n10.0.0.1      DGRAM\n10.0.0.1      RAW\n',
);

function seen(...steps: readonly Step[]): History {
  return fenced(readied('web-0'), fence('settled'), ...steps, fence('done'));
}

describe('shortNamesResolve', () => {
  test('upheld: the resolver finds the Pod by its short name', () => {
    expect(judge(seen(full('NOERROR'), search, right))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: only the full name works', () => {
    expect(judge(seen(full('NOERROR'), search, found('', 2)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another address, one too many', () => {
    expect(judge(seen(full('NOERROR'), search, found('10.0.0.9 STREAM\n')))).toMatchObject({ outcome: 'violated' });
    const two = found('10.0.0.1 STREAM\n10.0.0.9 STREAM\n');
    expect(judge(seen(full('NOERROR'), search, two))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the search list does not hold the namespace', () => {
    const other = resolv('search default.svc.cluster.local svc.cluster.local cluster.local');
    expect(judge(seen(full('NOERROR'), other, right))).toMatchObject({ outcome: 'violated' });
    expect(judge(seen(full('NOERROR'), resolv(''), right))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nothing was found while DNS did not answer at all', () => {
    expect(judge(seen(full('TIMEOUT'), search, found('', 2)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(search, found('', 2)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: not asked, the command itself failed, the search list was not read', () => {
    expect(judge(seen(full('NOERROR'), search))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(full('NOERROR'), search, found('', 127)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(full('NOERROR'), right))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod is not Ready', () => {
    const history = fenced(added('web-0'), fence('settled'), full('NOERROR'), search, right, fence('done'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});
