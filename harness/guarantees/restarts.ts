import type { Observation } from '../history/entries.ts';
import { isControlledBy, ordinalOf, type OrdinalSet } from '../history/sets.ts';
import { isClaimOf } from './claims.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsOf, objectAt, thereAt, type ObjectLife } from './objects.ts';
import { doubtAboutAttention } from './quiet.ts';

/** The moments at which the story asked who leads: before it ended that process, and when another one led. */
export interface Restart {
  readonly before: string;
  readonly after: string;
}

type ApiAnswer = Extract<Observation, { of: 'api' }>;

/**
 * A controller that starts anew finds the cluster as it left it, and leaves it so.
 *
 * Verified: the lease named another holder after the restart than before it, and the StatefulSet controller was seen alive twice after that. From the beginning of the
 * span to its end the set's Pods, claims, the volumes of these and the ControllerRevisions are the same objects (uids): none was added, none deleted or asked to
 * go, and no revision was given another number.
 * Not verified: their other fields (see `eachPodIsUntouched`); other kinds of objects; that the process ended in an orderly way (it did not).
 * Source: "Pod Identity" of the StatefulSet page; kubernetes/kubernetes 134773.
 */
export function restartChangesNothing(set: OrdinalSet, restart: Restart, span: Span): Guarantee {
  const resources = [
    'pods',
    'statefulsets',
    'controllerrevisions',
    'persistentvolumeclaims',
    'persistentvolumes',
  ] as const;
  return guarantee('restartChangesNothing', resources, span, (window) => {
    const doubt =
      (span.alive === 'statefulset' ? undefined : 'the span does not end with a quiet window') ??
      doubtAboutRestart(window, restart) ??
      doubtAboutAttention(window, set, span);
    if (doubt !== undefined) return undecided(doubt);
    const claims = objectsOf(window, 'persistentvolumeclaims').filter(({ name }) => isClaimOf(set, name));
    const volumes = objectsOf(window, 'persistentvolumes').filter(({ changes }) =>
      changes.some(({ object }) => claims.some(({ uid }) => uid === object.spec?.claimRef?.uid)),
    );
    const revisions = objectsOf(window, 'controllerrevisions').filter(({ first }) => isControlledBy(set, first.object));
    const pods = objectsOf(window, 'pods').filter(({ name }) => ordinalOf(set, name) !== undefined);
    const kept = together(
      unchanged(window, pods, 'Pods'),
      unchanged(window, revisions, 'revisions'),
      each(thereAt(revisions, window.from), 'numbers of revisions', (life) => {
        const [was, is] = [objectAt(life, window.from)?.revision, objectAt(life, window.to)?.revision];
        return is === undefined || is === was ? undefined : breach(`${life.name} was renumbered to ${is}`, life.last);
      }),
    );
    if (set.claimTemplates.length === 0) return kept;
    return together(kept, unchanged(window, claims, 'claims'), unchanged(window, volumes, 'volumes'));
  });
}

/** Each that was there when the span began is there at its end, and no other. */
function unchanged(window: Window, lives: readonly ObjectLife[], of: string): Findings {
  const concerned = lives.filter((life) => life.gone === undefined || life.gone.index > window.from);
  const found = each(concerned, of, (life): Breach | undefined => {
    if (life.first.index > window.from) return breach(`${life.name} was added`, life.first);
    return life.deletion !== undefined && life.deletion.index > window.from
      ? breach(`${life.name} was deleted`, life.deletion)
      : undefined;
  });
  const isThere = thereAt(lives, window.from).length > 0;
  const isBroken = found.status === 'examined' && found.breaches.length > 0;
  return isThere || isBroken ? found : undecided(`there were no ${of} when the span began`);
}

function doubtAboutRestart(window: Window, { before, after }: Restart): string | undefined {
  const [first, second] = [window.observations('api', before).at(-1), window.observations('api', after).at(-1)];
  const [was, is] = [holderIn(first), holderIn(second)];
  if (was === undefined || is === undefined || second === undefined) return 'it is not known who led before and after';
  if (was === is) return `${was} led before and after: nothing was restarted`;
  const signs = window
    .observations('liveness')
    .filter((sign) => sign.controller === 'statefulset' && sign.invokedAtIndex >= second.index);
  return signs.length >= 2 ? undefined : 'the controller was not seen alive twice after its restart';
}

function holderIn(answer: ApiAnswer | undefined): string | undefined {
  const lease = answer?.body as { readonly spec?: { readonly holderIdentity?: string } } | undefined;
  const holder = lease?.spec?.holderIdentity;
  return holder === '' ? undefined : holder;
}
