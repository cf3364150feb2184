import { describe, expect, test } from 'vitest';
import { fenced, observed, readied, unfenced, type Step } from '../history/testing.ts';
import { changed } from './testing.ts';
import { theCommandPrints, theServerIsAChildOfTheEntryPoint } from './processes.ts';

const moment = 'processes of web-0';
const pod = changed(readied('web-0'), (object) => ({
  ...object,
  spec: { containers: [{ name: 'zookeeper', command: ['sh', '-c', 'start-zookeeper   --servers=3'] }] },
}));
const printed = (stdout: string, exitCode = 0): Step =>
  observed({ of: 'command', moment, pod: 'web-0', argv: ['ps'], exitCode, stdout, stderr: '' });
const guarantee = theServerIsAChildOfTheEntryPoint('web-0', 'QuorumPeerMain', { moment });
const tree = (...lines: readonly string[]) => guarantee.judge(fenced(pod, printed(lines.join('\n'))));
const entry = '    1     0 /bin/bash /usr/bin/start-zookeeper --servers=3';
const ps = '   90     0 ps -eo pid=,ppid=,args=';

describe('the server', () => {
  test('upheld: is a child of the entry point, or a grandchild', () => {
    expect(tree(entry, '   27     1 java QuorumPeerMain zoo.cfg', ps)).toMatchObject({ outcome: 'upheld' });
    const shell = '    1     0 sh -c start-zookeeper   --servers=3';
    expect(tree(shell, '    7     1 bash start-zookeeper', '   27     7 java QuorumPeerMain zoo.cfg')).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: is PID 1 itself', () => {
    expect(tree('    1     0 java QuorumPeerMain zoo.cfg')).toMatchObject({ outcome: 'violated' });
  });
  test('violated: PID 1 is something else', () => {
    expect(tree('    1     0 /pause', entry.replace('1 ', '8 '), '   27     8 java QuorumPeerMain')).toMatchObject({
      outcome: 'violated',
      because: "PID 1 of web-0 is “/pause”, not the container's command",
    });
  });
  test('violated: is somebody else’s child', () => {
    expect(tree(entry, '   27     0 java QuorumPeerMain')).toMatchObject({ outcome: 'violated' });
    expect(tree(entry, '   27    28 java QuorumPeerMain', '   28    27 a loop')).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is none, or two', () => {
    expect(tree(entry, ps)).toMatchObject({ outcome: 'violated' });
    expect(tree(entry, '  27  1 java QuorumPeerMain', '  28  1 java QuorumPeerMain')).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: nobody looked, no command in the spec, no fence', () => {
    expect(guarantee.judge(fenced(pod))).toMatchObject({ outcome: 'inconclusive' });
    expect(guarantee.judge(fenced(readied('web-0'), printed(entry)))).toMatchObject({ outcome: 'inconclusive' });
    expect(guarantee.judge(unfenced(pod, printed(entry)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a command', () => {
  const prints = theCommandPrints('web-0', [/ruok/, /nc 127/], { moment });
  test('upheld: prints what it should', () => {
    expect(prints.judge(fenced(printed('OK=$(echo ruok | nc 127.0.0.1 $1)')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: prints half of it, or fails', () => {
    expect(prints.judge(fenced(printed('echo ruok')))).toMatchObject({ outcome: 'violated' });
    expect(prints.judge(fenced(printed('ruok nc 127', 1)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: was not run', () => {
    expect(prints.judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
  });
});
