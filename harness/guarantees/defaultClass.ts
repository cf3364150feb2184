import type { Observation } from '../history/entries.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { claimNamesOf, isClaimOf, volumesOf, type ClaimLife, type VolumeLife } from './claims.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span } from './guarantee.ts';
import { objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

/**
 * "Five claims": what the run leaves behind is of the default class and goes with its claim.
 *
 * Verified: at the end of the span the claims of the set's templates are exactly those of these ordinals; each is Bound, ReadWriteOnce, asks for 1Gi and has it, and is of the class that
 * the API server, asked at that moment, calls the default; its volume is of the same class and is reclaimed by deletion.
 * Not verified: since when they have been there (see `claimsAreKept`).
 */
export function claimsAreOfTheDefaultClass(
  set: OrdinalSet,
  ordinals: readonly number[],
  moment: string,
  span: Span,
): Guarantee {
  const resources = ['statefulsets', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('claimsAreOfTheDefaultClass', resources, span, (window) => {
    const asked = objectsNamed(window, 'statefulsets', set.name).find(namesAClass);
    if (asked !== undefined) return undecided(`${set.name} asks for a StorageClass itself, so the default is not used`);
    const defaults = window.observations('api', moment).flatMap(defaultClassesIn);
    const [name] = defaults;
    if (name === undefined || defaults.length > 1)
      return undecided(`it is not known which StorageClass is the default: ${defaults.join(', ') || 'none'}`);
    const claims = thereAt(objectsOf(window, 'persistentvolumeclaims'), window.to).filter((life) =>
      isClaimOf(set, life.name),
    );
    const expected = ordinals.flatMap((ordinal) => claimNamesOf(set, ordinal));
    const missing = expected.find((each) => !claims.some((claim) => claim.name === each));
    if (missing !== undefined) return undecided(`there was no claim ${missing} at the end of the span`);
    const volumes = thereAt(objectsOf(window, 'persistentvolumes'), window.to);
    return unlessBroken(
      claims
        .filter((claim) => !expected.includes(claim.name))
        .map((claim) => breach(`there is a claim ${claim.name} as well`, claim.last)),
      each(claims, 'claims with their volumes', (claim) => unlikeTheTutorial(claim, volumesOf(volumes, claim), name)),
    );
  });
}

function namesAClass(life: ObjectLife<'statefulsets'>): boolean {
  const templates = life.changes.flatMap((change) => change.object.spec?.volumeClaimTemplates ?? []);
  return templates.some((template) => template.spec?.storageClassName !== undefined);
}

function unlikeTheTutorial(claim: ClaimLife, volumes: readonly VolumeLife[], className: string): Breach | undefined {
  const { spec, status } = claim.last.object;
  const [volume] = volumes;
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['its phase', status?.phase, 'Bound'],
    ['its access modes', status?.accessModes?.join(), 'ReadWriteOnce'],
    ['its request', spec?.resources?.requests?.['storage'], '1Gi'],
    ['its capacity', status?.capacity?.['storage'], '1Gi'],
    ['its class', spec?.storageClassName, className],
    ['the number of its volumes', volumes.length, 1],
    ['the name of its volume', spec?.volumeName, volume?.name],
    ['the class of its volume', volume?.last.object.spec?.storageClassName, className],
    ['the reclaim policy of its volume', volume?.last.object.spec?.persistentVolumeReclaimPolicy, 'Delete'],
  ];
  const wrong = facts.find(([, is, ought]) => is !== ought);
  if (wrong === undefined) return undefined;
  const [what, is, ought] = wrong;
  return breach(
    `${claim.name}: ${what} is ${String(is)}, not ${String(ought)}`,
    claim.last,
    ...volumes.map((each) => each.last),
  );
}

interface StorageClassList {
  readonly items?: readonly {
    readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  }[];
}

/** The classes that bear the mark of the default one. */
export function defaultClassesIn(answer: Extract<Observation, { of: 'api' }>): readonly string[] {
  const { items = [] } = (answer.code === 200 ? answer.body : {}) as StorageClassList;
  const isDefault = 'storageclass.kubernetes.io/is-default-class';
  return items
    .filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')
    .map(({ metadata }) => metadata.name);
}
