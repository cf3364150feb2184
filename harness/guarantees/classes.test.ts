import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { added, fence, fenced, gap, observed, ready, reported, web, type Step } from '../history/testing.ts';
import { claimsAreOfTheClass, theClaimWaitsForNobody } from './classes.ts';
import { before, changed, spanned } from './testing.ts';

const written = { name: 'fast', provisioner: 'example.com/fast' } as const;

function claim(
  name: string,
  className: string,
  volume: string | undefined,
  type: 'added' | 'modified' = 'added',
): Step {
  return reported('persistentvolumeclaims', type, name, {
    spec: { storageClassName: className, ...(volume === undefined ? {} : { volumeName: volume }) },
    status: { phase: volume === undefined ? 'Pending' : 'Bound' },
  });
}

function volume(name: string, className: string, maker: string, claimed: string): Step {
  return reported('persistentvolumes', 'added', name, {
    metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': maker } },
    spec: { storageClassName: className, claimRef: { name: claimed, uid: `persistentvolumeclaims/${claimed}#1` } },
    status: { phase: 'Bound' },
  });
}

describe('claimsAreOfTheClass', () => {
  const { judge } = claimsAreOfTheClass(written, web, [0], 'read');
  const read = (body: object, code = 200): Step =>
    observed({ of: 'api', moment: 'read', request: 'get storageclasses/fast', code, body });
  const stored = [claim('www-web-0', 'fast', 'pv-0'), volume('pv-0', 'fast', 'example.com/fast', 'www-web-0')];
  const asWritten = read({ provisioner: 'example.com/fast' });

  test('upheld: the class, the claim, the volume and its maker agree', () => {
    expect(judge(fenced(...stored, asWritten))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: the claim or its volume is of another class, or somebody else made the volume', () => {
    const fallenBack = [claim('www-web-0', 'standard', 'pv-0'), volume('pv-0', 'standard', 'other', 'www-web-0')];
    expect(judge(fenced(...fallenBack, asWritten))).toMatchObject({ outcome: 'violated' });
    const other = [claim('www-web-0', 'fast', 'pv-0'), volume('pv-0', 'standard', 'example.com/fast', 'www-web-0')];
    expect(judge(fenced(...other, asWritten))).toMatchObject({ outcome: 'violated' });
    const made = [claim('www-web-0', 'fast', 'pv-0'), volume('pv-0', 'fast', 'other', 'www-web-0')];
    expect(judge(fenced(...made, asWritten))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no claim, or it is not bound', () => {
    expect(judge(fenced(asWritten))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(claim('www-web-0', 'fast', undefined), asWritten))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: no such class, another provisioner, it is the default', () => {
    expect(judge(fenced(...stored, read({}, 404)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...stored, read({ provisioner: 'other' })))).toMatchObject({ outcome: 'violated' });
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const isDefault = read({ provisioner: 'example.com/fast', metadata: { annotations } });
    expect(judge(fenced(...stored, isDefault))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody read the class; a gap', () => {
    expect(judge(fenced(...stored))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, asWritten, gap('persistentvolumes')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theClaimWaitsForNobody', () => {
  const { judge } = theClaimWaitsForNobody(written, web, 0, 'neighbour', spanned);
  const asks = (message = "waiting for 'example.com/fast'"): Step =>
    reported('events', 'added', 'www-web-0.1', {
      reason: 'ExternalProvisioning',
      message,
      involvedObject: { name: 'www-web-0' },
    });
  const neighbour = [
    claim('neighbour', 'other', undefined),
    claim('neighbour', 'other', 'pv-1', 'modified'),
    volume('pv-1', 'other', 'other', 'neighbour'),
  ];
  const waiting = [claim('www-web-0', 'fast', undefined), asks(), added('web-0'), before] as const;
  const told = (...steps: readonly Step[]): History => fenced(...waiting, ...steps);

  /** The controller has put the provisioner's name on the claim; whether it has told of it is another matter. */
  const named = reported('persistentvolumeclaims', 'modified', 'www-web-0', {
    metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'example.com/fast' } },
    spec: { storageClassName: 'fast' },
    status: { phase: 'Pending' },
  });
  const ofLater = (component = 'persistentvolume-controller', name = 'neighbour'): Step =>
    reported('events', 'added', `${name}.1`, {
      source: { component },
      involvedObject: { name, uid: `persistentvolumeclaims/${name}#1` },
    });
  const unasked = (...steps: readonly Step[]): History =>
    fenced(claim('www-web-0', 'fast', undefined), added('web-0'), ...steps);

  test('upheld: it is Pending to the end, and another one is bound', () => {
    expect(judge(told(...neighbour))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is bound after all, by whomever', () => {
    expect(judge(told(...neighbour, claim('www-web-0', 'fast', 'pv-0', 'modified')))).toMatchObject({
      outcome: 'violated',
    });
    const fellBack = fenced(claim('www-web-0', 'standard', undefined), asks(), added('web-0'), before, ...neighbour);
    expect(judge(fellBack)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Pod was scheduled, or runs', () => {
    const scheduled = changed(added('web-0'), (object) => ({
      ...object,
      status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] },
    }));
    const history = fenced(claim('www-web-0', 'fast', undefined), asks(), scheduled, before, ...neighbour);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
    expect(judge(told(...neighbour, ready('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: somebody else was asked for the volume', () => {
    const other = [claim('www-web-0', 'fast', undefined), asks("waiting for 'other'"), added('web-0'), before];
    expect(judge(fenced(...other, ...neighbour))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: of a later claim the controller has told, and of this one nothing', () => {
    expect(judge(unasked(named, before, ...neighbour, ofLater()))).toMatchObject({
      outcome: 'violated',
      because: 'nothing was told of who is to make a volume for www-web-0, and of a later claim it was',
    });
    expect(judge(unasked(named, asks(), before, ...neighbour, ofLater()))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: somebody else told of a later claim, an older claim was told of, the request came late, or events are missing', () => {
    for (const steps of [
      [named, before, ...neighbour, ofLater('kubelet')],
      [named, claim('older', 'other', undefined), before, ...neighbour, ofLater(undefined, 'older')],
      [before, named, ...neighbour, ofLater()],
      [named, before, gap('events'), ...neighbour, ofLater()],
    ])
      expect(judge(unasked(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody was seen to be asked; no other claim, an older one, or one that waits too', () => {
    const silent = fenced(claim('www-web-0', 'fast', undefined), added('web-0'), before, ...neighbour);
    expect(judge(silent)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(claim('neighbour', 'other', undefined)))).toMatchObject({ outcome: 'inconclusive' });
    const older = fenced(...neighbour, ...waiting, fence('later'));
    expect(judge(older)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: claim or Pod was not there when the span began', () => {
    expect(
      judge(fenced(before, claim('www-web-0', 'fast', undefined), asks(), added('web-0'), ...neighbour)),
    ).toMatchObject({
      outcome: 'inconclusive',
    });
    const late = fenced(claim('www-web-0', 'fast', undefined), asks(), before, added('web-0'), ...neighbour);
    expect(judge(late)).toMatchObject({ outcome: 'inconclusive' });
  });
});
