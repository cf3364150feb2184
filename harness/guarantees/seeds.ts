import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { additionsOf, livesOf } from './lives.ts';
import { isAboutTheRing } from './nodetool.ts';

/**
 * "CASSANDRA_SEEDS: cassandra-0.cassandra.default.svc.cluster.local": every Pod is given the first one's full name as its seed.
 *
 * Verified: in every state of each of these Pods within the span its container has the variable with exactly the name of the Pod of ordinal 0, below the headless Service, in the Pods' own
 * namespace.
 * Not verified: that the name resolves (see `eachPodNameResolvesToItsPod`).
 */
export function theFirstPodIsTheSeed(
  variable: string,
  set: OrdinalSet,
  ordinals: readonly number[],
  zone: string,
  span: Span = {},
): Guarantee {
  return guarantee('theFirstPodIsTheSeed', ['pods'], span, (window) => {
    const lives = livesOf(window, set).filter(({ last }) => last.index > window.from);
    const missing = ordinals.find((ordinal) => !lives.some((life) => life.ordinal === ordinal));
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was never there`);
    const changes = lives.filter(({ ordinal }) => ordinals.includes(ordinal)).flatMap((life) => life.changes);
    return each(changes, 'states of Pods', (change) => {
      const { metadata, spec } = change.object;
      const wanted = `${podNameOf(set, 0)}.${set.service}.${metadata.namespace ?? ''}.svc.${zone}`;
      const given = spec?.containers[0]?.env?.find(({ name }) => name === variable)?.value;
      return given === wanted
        ? undefined
        : breach(`${metadata.name} is given the seed ${given ?? 'of nobody'}`, change);
    });
  });
}

/**
 * "… join the cluster with no manual step": nobody helped.
 *
 * Verified: these Pods were added within the span and became Ready in it; all that this run asked of the API server meanwhile was to apply the manifest, and all that it ran in Pods of the set was
 * to ask for the ring.
 * Not verified: that they form one ring (see `thePodsFormOneRing`); what others did.
 */
export function podsJoinWithoutHelp(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('podsJoinWithoutHelp', ['pods'], span, (window) => {
    const added = additionsOf(window, set);
    const lives = ordinals.map((ordinal) => added.find((life) => life.ordinal === ordinal));
    const commands = window.observations('command');
    const asked = window.operations().filter(({ phase }) => phase === 'invoked');
    if (lives.some((life) => life?.ready === undefined))
      return undecided(`not every Pod of ${set.name} was added and became Ready within the span`);
    return together(
      each(asked, 'requests', (operation) =>
        operation.verb === 'apply'
          ? undefined
          : breach(`${operation.verb} ${operation.target} was asked for`, operation),
      ),
      each(added, 'Pods', (life) => {
        const help = commands.find((command) => command.pod === life.name && !isAboutTheRing(command));
        return help && breach(`\`${help.argv.join(' ')}\` was run in ${life.name}`, help);
      }),
    );
  });
}

/**
 * "Persistent storage gives durability": nobody was there from whom data could have been had again.
 *
 * Verified: Pods of the set were there when the span began; at some point in it none was; at its end there are Pods, Ready, all of them others by uid.
 * Not verified: what was read (see `noAcknowledgedWriteIsLost`).
 */
export function everyPodWasGoneAtOnce(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('everyPodWasGoneAtOnce', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const old = lives.filter(
      ({ first, gone }) => first.index <= window.from && (gone?.index ?? Infinity) > window.from,
    );
    const there = lives.filter(({ gone }) => gone === undefined);
    const added = additionsOf(window, set);
    if (old.length === 0) return undecided(`${set.name} had no Pod when the span began`);
    if (there.length === 0 || there.some(({ ready }) => ready === undefined))
      return undecided(`${set.name} had no Pod at the end of the span, or one that was not Ready`);
    const [first] = added;
    return each(old, 'Pods that were there', (life) => {
      if (life.gone === undefined) return breach(`${life.name} was there all the time`, life.first, life.last);
      if (first === undefined || first.first.index > life.gone.index) return undefined;
      return breach(`${life.name} was there when ${first.name} was added`, first.first, life.gone);
    });
  });
}
