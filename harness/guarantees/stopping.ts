import type { OrdinalSet } from '../history/sets.ts';
import { runningContainersOf } from './containers.ts';
import { breach, each } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { livesOf } from './lives.ts';

/**
 * "… to be completely shutdown": a Pod goes from the API only when its node has said that nothing of it runs any more. A successor of its name
 * would meet it otherwise.
 *
 * Verified: each Pod of the set that was gone within the span, and had been recorded with a running container, was last recorded without one.
 * Not verified: what runs on the node in truth: the API server has it from the kubelet. A Pod that is deleted by force, or whose node is given up, goes
 * without that word, and breaks this.
 */
export function eachPodHasStoppedWhenItIsGone(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('eachPodHasStoppedWhenItIsGone', ['pods'], span, (window) => {
    const ended = livesOf(window, set).filter(
      ({ gone, changes }) =>
        gone !== undefined &&
        gone.index > window.from &&
        changes.some(({ object }) => runningContainersOf(object).length > 0),
    );
    return each(ended, 'Pods that had run and are gone', ({ name, last, deletion }) => {
      const [container] = runningContainersOf(last.object);
      if (container === undefined) return undefined;
      return breach(`${name} was gone while its container ${container} still ran`, deletion ?? last, last);
    });
  });
}
