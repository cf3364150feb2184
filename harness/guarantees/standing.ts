import type { Entry } from '../history/entries.ts';
import { isRunningAndReady, isTerminating } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';

/** A part of a history that begins with a fence of the story's. */
export interface From extends Span {
  readonly from: string;
}

/**
 * "At most one Pod can be unavailable at any time": the others stand.
 *
 * Verified: when the span begins, and right after every change of a Pod of the set in it, at least `least` of its Pods are Running and Ready and not on their way out. At one
 * of these moments no more than that were, so that it was put to the test.
 * Not verified: who or what made a Pod unavailable, and what a client saw: readiness is the kubelet's word.
 */
export function atLeastStayReady(set: OrdinalSet, least: number, span: From): Guarantee {
  return guarantee('atLeastStayReady', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const moments = momentsOf(window, lives);
    const fewest = Math.min(...moments.map(({ index }) => standingAt(lives, index).length));
    if (fewest > least) return undecided(`there were never fewer than ${fewest} Pods of ${set.name} Ready`);
    return each(moments, 'moments of the set', (moment) => {
      const standing = standingAt(lives, moment.index);
      if (standing.length >= least) return undefined;
      const others = livesAt(lives, moment.index).filter((life) => !standing.includes(life));
      const because = `only ${standing.length} of the Pods of ${set.name} were Ready, and ${least} had to be`;
      return breach(because, moment, ...others.flatMap((life) => changeAt(life, moment.index) ?? []));
    });
  });
}

/**
 * These Pods are not touched by what happens around them: the very same ones, Ready all the time.
 *
 * Verified: each was Running and Ready when the span began; at every change of it up to the span's end it is so still, with the same restarts, and nobody asked it to go.
 * Not verified: labels, annotations, and what a client saw.
 */
export function podsStayReady(set: OrdinalSet, ordinals: readonly number[], span: From): Guarantee {
  return guarantee('podsStayReady', ['pods'], span, (window) => {
    const lives = livesAt(livesOf(window, set), window.from);
    const missing = ordinals.find((ordinal) => !isStanding(lifeOf(lives, ordinal), window.from));
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was not Ready when the span began`);
    return each(ordinals, 'Pods that had to stay Ready', (ordinal) => {
      const life = lifeOf(lives, ordinal);
      const before = life && changeAt(life, window.from);
      if (life === undefined || before === undefined) return undefined;
      if (life.deletion !== undefined) return breach(`${life.name} was deleted`, before, life.deletion);
      const fall = life.changes.find(({ index, object }) => index > window.from && !isRunningAndReady(object));
      if (fall !== undefined) return breach(`${life.name} did not stay Ready`, before, fall);
      const restart = life.changes.find(
        ({ index, object }) => index > window.from && restartsIn(object) !== restartsIn(before.object),
      );
      return restart === undefined ? undefined : breach(`a container of ${life.name} was restarted`, before, restart);
    });
  });
}

/** The beginning of the span and every change of one of these Pods within it. */
function momentsOf(window: Window, lives: readonly PodLife[]): readonly Entry[] {
  const start = window.history.entries[window.from];
  const changes = lives.flatMap((life) => life.changes).filter(({ index }) => index > window.from);
  return [...(start === undefined ? [] : [start]), ...changes.toSorted((a, b) => a.index - b.index)];
}

function standingAt(lives: readonly PodLife[], index: number): readonly PodLife[] {
  return livesAt(lives, index).filter((life) => isStanding(life, index));
}

function isStanding(life: PodLife | undefined, index: number): boolean {
  const change = life && changeAt(life, index);
  return change !== undefined && isRunningAndReady(change.object) && !isTerminating(change.object);
}

function lifeOf(lives: readonly PodLife[], ordinal: number): PodLife | undefined {
  return lives.find((life) => life.ordinal === ordinal);
}

function restartsIn({ status }: PodLife['first']['object']): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
