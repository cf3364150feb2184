import { cordonNode, uncordonNode } from '../disruption/nodes.ts';
import { operate, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';
import type { Nodes } from './verbs.ts';

/** Nodes as a story may use them, and the way to give all of them back. */
export function storyNodes(lab: Lab, alone: boolean): { readonly nodes: Nodes; giveBack(): Promise<void> } {
  const cordoned = new Set<string>();
  const uncordon = async (node: string): Promise<void> => {
    await operate(lab, 'uncordon', `nodes/${node}`, undefined, () => uncordonNode(lab.kube, node));
    cordoned.delete(node);
  };
  return {
    nodes: {
      cordon: async (node) => {
        if (!alone) throw new Error('a story that cordons a node must be told alone: story(title, { alone: true }, …)');
        if (!lab.run.allowDisruption)
          throw new NotRun('it needs a node for itself, and disrupting nodes was not allowed (--allow-disruption)');
        cordoned.add(node);
        await operate(lab, 'cordon', `nodes/${node}`, undefined, () =>
          cordonNode(lab.kube, node, lab.run.id, lab.signal),
        );
      },
      uncordon,
    },
    giveBack: async () => {
      for (const node of cordoned) await uncordonNode(lab.kube, node);
    },
  };
}
