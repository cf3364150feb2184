import { reported, type Step } from '../history/testing.ts';
import { changed } from './testing.ts';

/** Shared pieces of vectors about nodes: a node that is schedulable, cordoned, or tainted as a control plane is. */
export function node(
  name: string,
  side: 'open' | 'cordoned' | 'tainted' = 'open',
  type: 'present' | 'modified' = 'modified',
): Step {
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };
  const spec = {
    open: {},
    cordoned: { unschedulable: true, taints: [cordon] },
    tainted: { taints: [taint] },
  }[side];
  return reported('nodes', type, name, { spec });
}

/** A Pod that no node was found for, and the scheduler's words about it. */
export function unscheduled(step: Step, message?: string): Step {
  return changed(step, (object) => {
    const { nodeName: _, ...spec } = object['spec'] as Record<string, unknown>;
    const status = object['status'] as { readonly conditions: readonly object[] };
    const reason = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    const conditions = [...status.conditions, ...(message === undefined ? [] : [reason])];
    return { ...object, spec, status: { ...status, conditions } };
  });
}

export const schedulersWords = (reasons: string): string =>
  `0/5 nodes are available: ${reasons}. preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.`;
