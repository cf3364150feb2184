import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Recording } from '../history/recording.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import type { Lab } from './lab.ts';
import { followLog } from './logs.ts';

/** A lab with one Pod, whose log is this stream. */
function labWith(body: PassThrough, code = 200): Lab {
  const recording = new Recording();
  const object = { metadata: { name: 'web-0', uid: 'web-0#1', resourceVersion: '1' } } as Recorded<'pods'>;
  recording.append({ kind: 'change', resource: 'pods', type: 'added', object });
  const kube = { stream: () => Promise.resolve({ code, headers: {}, body }) } as unknown as Kube;
  return { kube, namespace: 'ours', recording, signal: new AbortController().signal } as unknown as Lab;
}

test('a log that the server closes was followed to its end', async () => {
  const body = new PassThrough();
  const lab = labWith(body);
  const log = await followLog(lab, 'goes', 'web-0');
  body.write('DRAINING\n');
  lab.recording.append({ kind: 'observation', of: 'node', moment: 'meanwhile', node: 'n', argv: [], stdout: '' });
  body.end('DRAINED\n');
  await log.ends();
  expect(lab.recording.entries.at(-1)).toMatchObject({
    of: 'log',
    moment: 'goes',
    pod: 'web-0',
    uid: 'web-0#1',
    text: 'DRAINING\nDRAINED\n',
    ended: true,
    openedAtIndex: 0,
  });
});

test('a log that breaks was not, and what came is kept', async () => {
  const body = new PassThrough();
  const lab = labWith(body);
  const log = await followLog(lab, 'goes', 'web-0');
  body.write('DRAINING\n');
  await new Promise((resolve) => setImmediate(resolve));
  body.destroy(new Error('cut'));
  await log.ends();
  expect(lab.recording.entries.at(-1)).toMatchObject({ text: 'DRAINING\n', ended: false });
});

test('a Pod that is not there has no log, nor one whose container has not begun', async () => {
  await expect(followLog(labWith(new PassThrough()), 'goes', 'web-1')).rejects.toThrow('web-1 is not there');
  const waiting = new PassThrough();
  waiting.end('{}');
  await expect(followLog(labWith(waiting, 400), 'goes', 'web-0')).rejects.toThrow('400');
});
