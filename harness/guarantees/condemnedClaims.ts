import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { claimNamesOf } from './claims.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { additionsOf, livesAt, livesOf } from './lives.ts';
import { objectAt, objectsNamed, thereAt } from './objects.ts';

/**
 * "Only PVCs corresponding to Pod replicas being scaled down are deleted, after their Pods have been deleted": a set that is scaled up again in the
 * middle of that does not use such a claim again.
 *
 * Verified: when the span began the Pod of this ordinal was Terminating and owned its claim, by uid, although the set asked for the ordinal again; the
 * Pod was gone within the span, and the claim, which somebody holds, outlasted it. No other Pod of the ordinal was added beside it, and a controller
 * was seen at work twice after the old one was gone.
 * Not verified: that the Pod is made once the claim is gone.
 */
export function aPodWaitsUntilItsOldClaimIsGone(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  const resources = ['pods', 'statefulsets', 'persistentvolumeclaims'] as const;
  return guarantee('aPodWaitsUntilItsOldClaimIsGone', resources, span, (window) => {
    const name = podNameOf(set, ordinal);
    const old = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
    const gone = old?.gone;
    if (old?.deletion === undefined || old.deletion.index > window.from || gone === undefined)
      return undecided(`${name} was not Terminating when the span began, and gone at its end`);
    const stored = thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
    const replicas = stored === undefined ? undefined : objectAt(stored, window.from)?.spec?.replicas;
    if (replicas === undefined || replicas <= ordinal)
      return undecided(`${set.name} did not ask for ${name} again when the span began`);
    const claims = claimNamesOf(set, ordinal)
      .flatMap((claim) => thereAt(objectsNamed(window, 'persistentvolumeclaims', claim), window.from))
      .filter((claim) => {
        const owners = objectAt(claim, window.from)?.metadata.ownerReferences ?? [];
        return claim.gone === undefined && owners.some(({ uid }) => uid === old.uid);
      });
    const again = additionsOf(window, set).find((life) => life.ordinal === ordinal);
    const signs = window.observations('liveness').filter((sign) => sign.invokedAtIndex >= gone.index);
    return unlessInDoubt(
      signs.length < 2 ? `the controller was not seen at work twice after ${name} was gone` : undefined,
      each(claims, `claims that the old ${name} owned`, (claim) =>
        again === undefined
          ? undefined
          : breach(`${name} was made again while its old claim ${claim.name} was there`, claim.last, again.first),
      ),
    );
  });
}
