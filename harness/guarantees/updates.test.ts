import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  gap,
  operated,
  readied,
  reported,
  running,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import {
  controllerUpdatesByItself,
  eachPodIsReplacedInPlace,
  eachUpdateWaitsForReady,
  everyPodIsReplacedCarrying,
  podsAreUpdatedInReverseOrder,
  updateCompletes,
} from './updates.ts';
import { before, bound, changed, claimless, images, ofNew, ofOld, spanned, stands } from './testing.ts';

const two: readonly Step[] = [
  stands({ replicas: 2 }, 'added'),
  ...bound('web-0'),
  ...bound('web-1'),
  readied('web-0', ofOld),
  readied('web-1', ofOld),
  before,
  stands({ replicas: 2, generation: 2, update: 'new', image: images.new }),
];
const done = stands({ replicas: 2, generation: 2, current: 'new', image: images.new });

function replaced(pod: string): Step {
  return (world) => [...ended(pod)(world), ...readied(pod, ofNew)(world)];
}

describe('podsAreUpdatedInReverseOrder', () => {
  const { judge } = podsAreUpdatedInReverseOrder(web, spanned);

  test('upheld: web-1, web-0', () => {
    expect(judge(fenced(...two, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: a Pod that is up to date already is none of the update', () => {
    const history = fenced(
      stands({ update: 'new', updated: 1 }, 'added'),
      readied('web-0', ofOld),
      readied('web-1', ofOld),
      readied('web-2', ofNew),
      before,
      replaced('web-1'),
      replaced('web-0'),
      stands({ current: 'new' }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: web-0, web-1', () => {
    expect(judge(fenced(...two, replaced('web-0'), replaced('web-1'), done))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was updated before web-1',
    });
  });
  test('violated: web-0 was left out', () => {
    expect(judge(fenced(...two, replaced('web-1')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was not updated to new',
    });
  });
  test('violated: nothing was done about the update', () => {
    expect(judge(fenced(...two))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 was replaced twice', () => {
    const history = fenced(...two, replaced('web-1'), replaced('web-1'), replaced('web-0'), done);
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-1 was deleted as well' });
  });
  test('inconclusive: the controller had not observed the new template', () => {
    const unseen = stands({ replicas: 2, generation: 3, observed: 2, update: 'new' });
    expect(judge(fenced(...two, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no Pod was to be updated', () => {
    const history = fenced(stands({ replicas: 2 }, 'added'), readied('web-0', ofOld), readied('web-1', ofOld), before);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set was not complete to begin with', () => {
    const history = fenced(
      stands({}, 'added'),
      readied('web-0', ofOld),
      readied('web-1', ofOld),
      before,
      replaced('web-1'),
      done,
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the Pods, or no fence', () => {
    const steps = [...two, replaced('web-1'), replaced('web-0'), done];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachUpdateWaitsForReady', () => {
  const { judge } = eachUpdateWaitsForReady(web, spanned);

  test('upheld: web-0 is deleted after the new web-1 is Ready', () => {
    expect(judge(fenced(...two, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: the new web-1 is only Running', () => {
    const history = fenced(...two, ended('web-1'), added('web-1', ofNew), running('web-1'), ended('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 is not there at all', () => {
    expect(judge(fenced(...two, ended('web-1'), ended('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the new web-1 was Ready and is not any more', () => {
    expect(judge(fenced(...two, replaced('web-1'), unready('web-1'), ended('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: web-1 came back Ready, but at the old revision', () => {
    const history = fenced(...two, ended('web-1'), readied('web-1', ofOld), ended('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 goes first', () => {
    expect(judge(fenced(...two, replaced('web-0'), replaced('web-1'), done))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-0 was not touched', () => {
    expect(judge(fenced(...two, replaced('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: only one Pod had to be updated', () => {
    const one = [stands({ replicas: 1 }, 'added'), readied('web-0', ofOld), before];
    const history = fenced(...one, replaced('web-0'), stands({ replicas: 1, generation: 2, current: 'new' }));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsReplacedInPlace', () => {
  const { judge } = eachPodIsReplacedInPlace(web, spanned);

  test('upheld: deleted, then made anew with its claim', () => {
    expect(judge(fenced(...two, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 4 },
    });
  });
  test('violated: the new web-1 is added while the old one is Terminating', () => {
    const early = added('web-1', { ...ofNew, uid: 'early' });
    const history = fenced(...two, terminating('web-1'), early, replaced('web-0'), done);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a third Pod is there meanwhile', () => {
    const surge = [readied('web-2', ofNew), replaced('web-1'), replaced('web-0'), ended('web-2')];
    expect(judge(fenced(...two, ...surge, done))).toMatchObject({
      outcome: 'violated',
      because: '3 Pods were there when web-2 was added',
    });
  });
  test('violated: the new web-1 mounts another claim, or none', () => {
    for (const claim of ['www-web-0', null]) {
      const history = fenced(...two, ended('web-1'), readied('web-1', { ...ofNew, claim }), replaced('web-0'), done);
      expect(judge(history)).toMatchObject({ outcome: 'violated' });
    }
  });
  test('violated: the claim was made anew', () => {
    const gone = reported('persistentvolumeclaims', 'deleted', 'www-web-1');
    const history = fenced(...two, gone, ...bound('web-1', { nth: 2 }), replaced('web-1'), replaced('web-0'), done);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim has another volume', () => {
    const [claim, volume] = bound('web-1', { volume: 'another' });
    const moved = [claim, volume].filter((step) => step !== undefined);
    expect(judge(fenced(...two, ...moved, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the volume is on its way out', () => {
    const going = reported('persistentvolumes', 'modified', 'web-1-volume', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: { claimRef: { uid: 'persistentvolumeclaims/www-web-1#1' } },
    });
    expect(judge(fenced(...two, going, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: web-0 was not replaced', () => {
    expect(judge(fenced(...two, replaced('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the set has no claims', () => {
    const { judge: without } = eachPodIsReplacedInPlace(claimless, spanned);
    expect(without(fenced(...two, replaced('web-1'), replaced('web-0'), done))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: a gap in the claims', () => {
    const history = fenced(...two, replaced('web-1'), replaced('web-0'), done, gap('persistentvolumeclaims'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('updateCompletes', () => {
  const { judge } = updateCompletes(web, spanned);
  const rolled = [...two, replaced('web-1'), replaced('web-0')] as const;

  test('upheld: all run the new image, and the set says so', () => {
    expect(judge(fenced(...rolled, done))).toMatchObject({ outcome: 'upheld', examined: { count: 5 } });
  });
  test('violated: the spec is new, what runs is old', () => {
    const history = fenced(
      ...two,
      replaced('web-1'),
      ended('web-0'),
      readied('web-0', { ...ofNew, imageID: 'sha256:8' }),
      done,
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-0 still runs sha256:8' });
  });
  test('violated: web-0 is of the old revision, missing, or not Ready', () => {
    expect(judge(fenced(...two, replaced('web-1'), done))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...two, replaced('web-1'), ended('web-0'), done))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...rolled, unready('web-0'), done))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...rolled, terminating('web-0'), done))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod asks for another image than the template', () => {
    expect(judge(fenced(...rolled, touched('web-0', { image: 'other:1' }), done))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the set does not report completion', () => {
    expect(judge(fenced(...rolled))).toMatchObject({ outcome: 'violated' });
    const short = { replicas: 2, generation: 2, current: 'new', image: images.new };
    expect(judge(fenced(...rolled, stands({ ...short, updated: 1 })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...rolled, stands({ ...short, ready: 1 })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one Pod more than replicas', () => {
    expect(judge(fenced(...rolled, readied('web-2', ofNew), done))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the image is the one that the Pods had', () => {
    const same = stands({ replicas: 2, generation: 2, current: 'new', image: images.old });
    expect(judge(fenced(...two, replaced('web-1'), replaced('web-0'), same))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: what runs cannot be compared', () => {
    const otherwise = readied('web-0', { ...ofNew, imageID: 'nginx-slim@sha256:8' });
    expect(judge(fenced(...two, replaced('web-1'), ended('web-0'), otherwise, done))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no fence', () => {
    expect(judge(unfenced(...rolled, done))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('everyPodIsReplacedCarrying', () => {
  const label = { of: 'label', key: 'tier', value: 'frontend' } as const;
  const { judge } = everyPodIsReplacedCarrying(web, [label], spanned);
  const labelled = { ...ofNew, labels: { tier: 'frontend' } };

  test('upheld: both are replaced and carry the label', () => {
    const history = fenced(
      ...two,
      ended('web-1'),
      readied('web-1', labelled),
      ended('web-0'),
      readied('web-0', labelled),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: web-0 lacks it', () => {
    const history = fenced(...two, ended('web-1'), readied('web-1', labelled), replaced('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-0 lacks the label tier=frontend' });
  });
  test('violated: web-0 was given it without being replaced', () => {
    const history = fenced(...two, ended('web-1'), readied('web-1', labelled), touched('web-0', labelled));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 came back at the old revision, or twice, or is not Ready', () => {
    const first = [...two, ended('web-1'), readied('web-1', labelled), ended('web-0')];
    expect(judge(fenced(...first, readied('web-0', { ...labelled, revision: 'old' })))).toMatchObject({
      outcome: 'violated',
    });
    const again = [readied('web-0', labelled), ended('web-0'), readied('web-0', labelled)];
    expect(judge(fenced(...first, ...again))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...first, added('web-0', labelled)))).toMatchObject({ outcome: 'violated' });
  });
  test('each kind of trait is looked for', () => {
    const traits = [
      { of: 'image', value: images.new },
      { of: 'annotation', key: 'note', value: 'changed' },
      { of: 'request', key: 'cpu', value: '2m' },
      { of: 'limit', key: 'memory', value: '96Mi' },
    ] as const;
    const resources = { requests: { cpu: '2m' }, limits: { memory: '96Mi' } };
    const carrying = (pod: string) =>
      changed(readied(pod, { ...ofNew, annotations: { note: 'changed' } }), (object) => ({
        ...object,
        spec: { containers: [{ name: 'nginx', image: images.new, resources }] },
      }));
    const history = fenced(...two, ended('web-1'), carrying('web-1'), ended('web-0'), carrying('web-0'));
    for (const trait of traits) {
      expect(everyPodIsReplacedCarrying(web, [trait], spanned).judge(history)).toMatchObject({ outcome: 'upheld' });
      const other = { ...trait, value: 'other' };
      expect(everyPodIsReplacedCarrying(web, [other], spanned).judge(history)).toMatchObject({ outcome: 'violated' });
    }
  });
  test('inconclusive: they carried it before', () => {
    const { judge: revision } = everyPodIsReplacedCarrying(web, [{ of: 'label', key: 'app', value: 'nginx' }], spanned);
    expect(revision(fenced(...two, replaced('web-1'), replaced('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller had not observed the change', () => {
    const unseen = stands({ replicas: 2, generation: 3, observed: 2, update: 'new' });
    expect(judge(fenced(...two, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('controllerUpdatesByItself', () => {
  const { judge } = controllerUpdatesByItself(web, 1, spanned);

  test('upheld: web-1 is replaced, nobody else asked', () => {
    expect(judge(fenced(...two, replaced('web-1')))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: web-1 stays as it is', () => {
    expect(judge(fenced(...two))).toMatchObject({ outcome: 'violated', because: 'web-1 was not updated to new' });
  });
  test('violated: web-1 is deleted and does not come back', () => {
    expect(judge(fenced(...two, ended('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 comes back old, not Ready, or running what it ran', () => {
    for (const traits of [ofOld, { ...ofNew, imageID: 'sha256:8' }, { ...ofNew, image: images.old }])
      expect(judge(fenced(...two, ended('web-1'), readied('web-1', traits)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...two, ended('web-1'), added('web-1', ofNew)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the story deleted it', () => {
    expect(judge(fenced(...two, operated('delete', 'pods/web-1'), replaced('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: web-1 was up to date', () => {
    const current = [stands({ replicas: 1, update: 'new' }, 'added'), readied('web-0', ofNew), before];
    expect(judge(fenced(...current))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: what runs cannot be compared', () => {
    const otherwise = readied('web-1', { ...ofNew, imageID: 'nginx-slim@sha256:8' });
    expect(judge(fenced(...two, ended('web-1'), otherwise))).toMatchObject({ outcome: 'inconclusive' });
  });
});

test('a Pod that is gone without its deletion having been seen is deleted all the same', () => {
  const { judge } = podsAreUpdatedInReverseOrder(web, spanned);
  const history = fenced(
    ...two,
    deleted('web-1'),
    readied('web-1', ofNew),
    deleted('web-0'),
    readied('web-0', ofNew),
    done,
  );
  expect(judge(history)).toMatchObject({ outcome: 'upheld' });
});
