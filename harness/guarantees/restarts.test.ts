import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  ended,
  fenced,
  gap,
  observed,
  readied,
  reported,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { restartChangesNothing } from './restarts.ts';
import { before, bound, claimless, quiet, revised, spanned, stands } from './testing.ts';

const restart = { before: 'who leads', after: 'who leads now' } as const;

function leads(moment: string, holderIdentity?: string): Step {
  const spec = holderIdentity === undefined ? {} : { holderIdentity };
  return observed({ of: 'api', moment, request: 'get leases/kube-controller-manager', code: 200, body: { spec } });
}

describe('restartChangesNothing', () => {
  const { judge } = restartChangesNothing(web, restart, quiet);
  const start = [stands({}, 'added'), revised('old', 1), ...bound('web-0'), readied('web-0'), before] as const;
  const restarted = [leads('who leads', 'a'), leads('who leads now', 'b')] as const;
  const looked = [alive(), alive()] as const;
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, ...restarted, ...steps, ...looked));

  test('upheld: all is as it was', () => {
    expect(verdict(touched('web-0'))).toMatchObject({ outcome: 'upheld', examined: { count: 5 } });
  });
  test('upheld: a set without claims', () => {
    const { judge: without } = restartChangesNothing(claimless, restart, quiet);
    const steps = [stands({}, 'added'), revised('old', 1), readied('web-0'), before, ...restarted, ...looked];
    expect(without(fenced(...steps))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: a Pod is replaced, or asked to go', () => {
    expect(verdict(ended('web-0'), readied('web-0'))).toMatchObject({ outcome: 'violated' });
    expect(verdict(terminating('web-0'))).toMatchObject({ outcome: 'violated', because: 'web-0 was deleted' });
  });
  test('violated: a Pod is added', () => {
    expect(verdict(added('web-1'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a revision is added, deleted or renumbered', () => {
    expect(verdict(revised('new', 2))).toMatchObject({ outcome: 'violated', because: 'new was added' });
    expect(verdict(reported('controllerrevisions', 'deleted', 'old'))).toMatchObject({ outcome: 'violated' });
    const owner = { kind: 'StatefulSet', name: 'web', uid: 'statefulsets/web#1', controller: true };
    const renumbered = reported('controllerrevisions', 'modified', 'old', {
      metadata: { ownerReferences: [owner] },
      revision: 2,
    });
    expect(verdict(renumbered)).toMatchObject({ outcome: 'violated', because: 'old was renumbered to 2' });
  });
  test('violated: a claim goes, another is made, a volume goes', () => {
    expect(verdict(reported('persistentvolumeclaims', 'deleted', 'www-web-0'))).toMatchObject({ outcome: 'violated' });
    expect(verdict(...bound('web-1'))).toMatchObject({ outcome: 'violated' });
    expect(verdict(reported('persistentvolumes', 'deleted', 'web-0-volume'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the same process led before and after', () => {
    const same = [leads('who leads', 'a'), leads('who leads now', 'a')];
    expect(judge(fenced(...start, ...same, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody knows who led', () => {
    expect(judge(fenced(...start, ...looked))).toMatchObject({ outcome: 'inconclusive' });
    const vacant = [leads('who leads', 'a'), leads('who leads now')];
    expect(judge(fenced(...start, ...vacant, ...looked))).toMatchObject({ outcome: 'inconclusive' });
    const empty = [leads('who leads', 'a'), leads('who leads now', '')];
    expect(judge(fenced(...start, ...empty, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller was seen alive before its restart only', () => {
    const early: Step = (world) => alive()(world).map((entry) => ({ ...entry, invokedAtIndex: 7 }) as typeof entry);
    expect(judge(fenced(...start, early, early, ...restarted))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there was no Pod, no revision or no claim to begin with', () => {
    const [set, revision, ...others] = start;
    expect(judge(fenced(set, revision, ...bound('web-0'), before, ...restarted, ...looked))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(set, ...others, ...restarted, ...looked))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(set, revision, readied('web-0'), before, ...restarted, ...looked))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no quiet window, a gap, no fence', () => {
    const { judge: loud } = restartChangesNothing(web, restart, spanned);
    expect(loud(fenced(...start, ...restarted, ...looked))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(gap('persistentvolumes'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, ...restarted, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
});
