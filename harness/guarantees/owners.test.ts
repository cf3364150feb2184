import { describe, expect, test } from 'vitest';
import type { NewEntry } from '../history/entries.ts';
import { added, fenced, observed, ready, web, type Step } from '../history/testing.ts';
import {
  showsOwner,
  showsProcesses,
  theProcessRunsAs,
  theVolumeBelongsToTheGroup,
  theVolumeIsGivenToTheGroup,
  theVolumeShutsTheProcessOut,
  whatIsThereIsGivenToTheGroup,
} from './owners.ts';
import { stored } from './testingClaims.ts';
import { askedAt, ran, settled } from './testingServers.ts';

const now = askedAt('now');

describe('theProcessRunsAs', () => {
  const { judge } = theProcessRunsAs(web, [0], { program: 'java', user: 1000, group: 1000 }, now);
  const process = (name: string, users: string, groups: string): string =>
    `Name:\t${name}\nUmask:\t0022\nUid:\t${users}\nGid:\t0\t0\t0\t0\nGroups:\t${groups} \n`;
  const own = '1000\t1000\t1000\t1000';
  const seen = (...processes: readonly string[]) =>
    judge(fenced(...settled(ran('web-0', showsProcesses('java'), processes.join('')))));

  test('upheld: both are the user’s', () => {
    const verdict = seen(process('start-zookeeper', own, '1000'), process('java', own, '1000'));
    expect(verdict).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: root, root in one of four places, not of the group, or no such program', () => {
    for (const processes of [
      [process('sh', '0\t0\t0\t0', '0'), process('java', '0\t0\t0\t0', '0')],
      [process('sh', '0\t0\t0\t0', '0'), process('java', own, '1000')],
      [process('sh', own, '1000'), process('java', '1000\t0\t1000\t1000', '1000')],
      [process('sh', own, '1000'), process('java', own, '')],
      [process('sh', own, '1000')],
    ])
      expect(seen(...processes)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: nobody looked', () => {
    expect(judge(fenced(...settled()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theVolumeBelongsToTheGroup', () => {
  const owner = { user: 1000, group: 1000 };
  const { judge } = theVolumeBelongsToTheGroup(web, [0], '/data', owner, now);
  const seen = (printed: string) => judge(fenced(...settled(ran('web-0', showsOwner('/data'), `${printed}\n`))));

  test('upheld: root’s, and the group may do all', () => {
    expect(seen('0 1000 2770')).toMatchObject({ outcome: 'upheld' });
    expect(seen('0 1000 2775')).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: another group, not to be written, not passed on, everybody’s, or the user’s own', () => {
    for (const printed of ['0 0 777', '0 1000 2750', '0 1000 770', '0 0 2777', '1000 1000 2770', ''])
      expect(seen(printed)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: nobody looked', () => {
    expect(judge(fenced(...settled()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

const look = (printed: string, { moment = 'now', path = '/data/pv-0' } = {}): Step =>
  observed({
    of: 'node',
    moment,
    node: 'worker-1',
    argv: ['stat', '-c', '%u %g %a', path],
    stdout: printed === '' ? '' : `${printed}\n`,
  });

describe('theVolumeIsGivenToTheGroup', () => {
  const { judge } = theVolumeIsGivenToTheGroup(web, 0, 'now', 1000);

  test('upheld: the group may do all, whoever’s it is', () => {
    for (const mode of ['0 1000 2770', '1000 1000 2775'])
      expect(judge(fenced(...stored(0), look(mode)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: of another group, closed to it, or not handed on', () => {
    for (const mode of ['0 0 700', '0 1000 2750', '0 1000 770'])
      expect(judge(fenced(...stored(0), look(mode)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody looked, or there is no volume', () => {
    expect(judge(fenced(...stored(0)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(look('0 1000 2770')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('whatIsThereIsGivenToTheGroup', () => {
  const moments = { before: 'before', after: 'after' };
  const { judge } = whatIsThereIsGivenToTheGroup(web, 0, 'file', moments, 1000);
  const path = '/data/pv-0/file';
  const seen = (before: string, after: string) =>
    judge(fenced(...stored(0), look(before, { moment: 'before', path }), look(after, { moment: 'after', path })));

  test('upheld: root’s before, the group’s then, whoever’s it is', () => {
    for (const after of ['0 1000 660', '1000 1000 664'])
      expect(seen('0 0 600', after)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: as before, of a third group, closed to it, or gone', () => {
    for (const after of ['0 0 600', '0 1 660', '0 1000 640', ''])
      expect(seen('0 0 600', after)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was the group’s before, or not there; nobody looked twice, or at something else', () => {
    for (const before of ['0 1000 660', ''])
      expect(seen(before, '0 1000 660')).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored(0), look('0 1000 660', { moment: 'after', path })))).toMatchObject({
      outcome: 'inconclusive',
    });
    const directory = [look('0 0 700', { moment: 'before' }), look('0 1000 2770', { moment: 'after' })];
    expect(judge(fenced(...stored(0), ...directory))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theVolumeShutsTheProcessOut', () => {
  const { judge } = theVolumeShutsTheProcessOut(web, 0, 'now');

  /** The Pod as `step` has it, with a container that ended for the nth time. */
  const failing =
    (step: Step, nth: number, exitCode = 1): Step =>
    (world) =>
      step(world).map((entry) => {
        if (entry.kind !== 'change' || entry.resource !== 'pods') return entry;
        const terminated = { exitCode, containerID: `containerd://${nth}` };
        const containerStatuses = [{ name: 'nginx', restartCount: nth, lastState: { terminated } }];
        return {
          ...entry,
          object: { ...entry.object, status: { ...entry.object.status, containerStatuses } },
        } as unknown as NewEntry;
      });
  const fails = [failing(added('web-0'), 1), failing((world) => added('web-0', { uid: 'web-0#1' })(world), 2)];

  test('upheld: root’s alone, and the container ends again and again', () => {
    for (const mode of ['0 0 700', '0 0 755'])
      expect(judge(fenced(...stored(0), ...fails, look(mode)))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: everybody may write there, or the group is another', () => {
    for (const mode of ['0 0 777', '0 0 770', '0 1000 700', '1000 0 700'])
      expect(judge(fenced(...stored(0), ...fails, look(mode)))).toMatchObject({ outcome: 'violated' });
  });

  test('violated: the Pod becomes Ready', () => {
    expect(judge(fenced(...stored(0), added('web-0'), ready('web-0'), look('0 0 700')))).toMatchObject({
      outcome: 'violated',
    });
  });

  test('inconclusive: it ended once, or well, nobody looked, or there is no volume', () => {
    const [once] = fails;
    expect(judge(fenced(...stored(0), ...(once === undefined ? [] : [once]), look('0 0 700')))).toMatchObject({
      outcome: 'inconclusive',
    });
    const well = [failing(added('web-0'), 1, 0), failing((world) => added('web-0', { uid: 'web-0#1' })(world), 2, 0)];
    expect(judge(fenced(...stored(0), ...well, look('0 0 700')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored(0), ...fails))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...fails, look('0 0 700')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
