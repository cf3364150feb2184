import { claim, describe } from '../../../harness/test.ts';
import { everyPodGoesWithItsSet } from '../../../harness/guarantees/deletion.ts';
import { theLogHoldsTheWord } from '../../../harness/guarantees/durable.ts';
import { theDirectoryIsTheVolume } from '../../../harness/guarantees/mounts.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { isAppliedWithoutError, isKept, isMadeAnew, isUnchanged } from '../../../harness/guarantees/presence.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import { theValueSurvives } from '../../../harness/guarantees/replication.ts';
import {
  claimsAreExactly,
  claimsCarryTheSelector,
  eachClaimHasAVolumeOfItsOwn,
} from '../../../harness/guarantees/storage.ts';
import { askedStorage, asWritten, ordinals, volumeDirectory } from '../zookeeper.ts';
import { ensemble, isCreatedInOrder } from './ensemble.ts';
import { creationOf, moments } from './telling.ts';

describe('Providing durable storage', () => {
  claim('zk.delete-terminates-all', ensemble, ({ stands, deleted }) =>
    everyPodGoesWithItsSet(asWritten, { from: stands, to: deleted }),
  );
  claim('zk.reapply-only-sts', ensemble, ({ deleted, applied }) => [
    ...onlyTheSetIsMade({ from: deleted, to: applied }),
  ]);
  claim('zk.recreate-ordered', ensemble, ({ deleted, recreated }) =>
    isCreatedInOrder({ from: deleted, to: recreated }),
  );
  claim('zk.data-survives-sts-delete', ensemble, () => theValueIsServedAgain);
  claim('zk.pvc-per-pod', ensemble, ({ stands }) => eachPodHasItsClaim({ to: stands }));
  claim('zk.pvc-remounted', ensemble, ({ stands, recreated }) => [
    claimsAreKept(asWritten, ordinals, { from: stands, to: recreated }),
    ...mountsItsClaim(recreated),
  ]);
  claim('zk.volume-mounted-datadir', ensemble, ({ data, serves }) =>
    theDirectoryIsTheVolume(
      asWritten,
      volumeDirectory,
      ordinals.map((ordinal) => ({ ordinal, nonce: data, sent: creationOf(data) })),
      serves,
    ),
  );
});

describe('ZooKeeper', () => {
  claim('zk.wal-on-volume', ensemble, ({ data }) => theLogHolds(data));
});

export const theValueIsServedAgain = theValueSurvives('/hello', {
  before: { moment: moments.before, server: 'zk-2' },
  after: { moment: moments.after, server: 'zk-2' },
});

export function theLogHolds(word: string) {
  return theLogHoldsTheWord(
    asWritten,
    ordinals,
    { word, directory: '/data', sent: creationOf(word) },
    { before: moments.unwritten, after: moments.written },
  );
}

/** The manifest says 10Gi; the tutorial's text and its samples say 20. */
export function eachPodHasItsClaim(span: { readonly to: string }) {
  return [
    claimsAreExactly(asWritten, ordinals, span),
    claimsCarryTheSelector(asWritten, ordinals, span),
    eachClaimHasAVolumeOfItsOwn(asWritten, ordinals, askedStorage, span),
  ] as const;
}

/** The budget's status may move meanwhile: its generation does not. */
export function onlyTheSetIsMade(span: { readonly from: string; readonly to: string }) {
  return [
    isMadeAnew('statefulsets', 'zk', span),
    isUnchanged('services', 'zk-hs', span),
    isUnchanged('services', 'zk-cs', span),
    isKept('poddisruptionbudgets', 'zk-pdb', span),
    theObjectSays('poddisruptionbudgets', 'zk-pdb', { 'metadata.generation': 1 }, { to: span.to }),
    isAppliedWithoutError(['services/zk-hs', 'services/zk-cs', 'poddisruptionbudgets/zk-pdb', 'statefulsets/zk'], span),
  ] as const;
}

export function mountsItsClaim(to: string) {
  return ordinals.map((ordinal) =>
    theObjectSays(
      'pods',
      `zk-${ordinal}`,
      { 'spec.volumes.0.persistentVolumeClaim.claimName': `datadir-zk-${ordinal}` },
      { to },
    ),
  );
}
