import { deadlines } from '../deadlines.ts';
import { giveBackNode, nodeLabel, outOfService, takeNode, type Taking } from '../disruption/nodes.ts';
import { removeNode, returnNode } from '../disruption/removedNode.ts';
import { restartController } from './controller.ts';
import { drain } from './drain.ts';
import { operate, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';
import type { Nodes } from './verbs.ts';

/** Nodes as a story may use them, and the way to give all of them back. */
export function storyNodes(lab: Lab, alone: boolean): { readonly nodes: Nodes; giveBack(): Promise<void> } {
  const taken: { readonly how: Taking; readonly node: string }[] = [];
  const take = async (verb: string, how: Taking, node: string, detail?: string): Promise<void> => {
    if (!alone && how !== 'labelled')
      throw new Error(`a story that takes a node must be told alone: story(title, { alone: true }, …)`);
    if (!lab.run.allowDisruption)
      throw new NotRun('it needs a node for itself, and disrupting nodes was not allowed (--allow-disruption)');
    if (how === 'paused' && lab.run.cluster.provider !== 'kind')
      throw new NotRun('the nodes of this cluster cannot be paused');
    taken.push({ how, node });
    await operate(lab, verb, `nodes/${node}`, detail, () => takeNode(lab.kube, how, node, lab.run.id, lab.signal));
  };
  const isTaken = (how: Taking, node: string): boolean => taken.some((each) => each.how === how && each.node === node);
  let removed: string | undefined;
  const giveBack = async (verb: string, how: Taking, node: string): Promise<void> => {
    await operate(lab, verb, `nodes/${node}`, undefined, () => giveBackNode(lab.kube, how, node));
    const place = taken.findIndex((each) => each.how === how && each.node === node);
    if (place >= 0) taken.splice(place, 1);
  };
  return {
    nodes: {
      mayBeTaken: lab.run.allowDisruption,
      label: { [nodeLabel]: lab.run.id },
      labels: (node) => take('label', 'labelled', node, `${nodeLabel}=${lab.run.id}`),
      restartsController: () => restartController(lab, alone),
      cordon: (node) => take('cordon', 'cordoned', node),
      uncordon: (node) => giveBack('uncordon', 'cordoned', node),
      drains: (moment, node, { patienceMs = deadlines.drainMs } = {}) =>
        drain(lab, moment, node, patienceMs, async () => {
          if (!isTaken('cordoned', node)) await take('cordon', 'cordoned', node);
        }),
      pauses: (node) => take('pause', 'paused', node),
      resumes: async (node) => {
        if (node === removed) {
          await operate(lab, 'register', `nodes/${node}`, undefined, () => returnNode(lab.kube, lab.namespace));
          removed = undefined;
        }
        await giveBack('resume', 'paused', node);
      },
      removes: async (node) => {
        if (!isTaken('paused', node)) throw new Error(`${node} is not paused: its kubelet would go on without it`);
        if (removed !== undefined) throw new Error(`${removed} is removed already: a story removes one node at a time`);
        removed = node;
        await operate(lab, 'delete', `nodes/${node}`, undefined, () =>
          removeNode(lab.kube, node, lab.namespace, lab.signal),
        );
      },
      takesOutOfService: (node) =>
        take('taint', 'out of service', node, `${outOfService.key}=${outOfService.value}:${outOfService.effect}`),
      returnsToService: (node) => giveBack('untaint', 'out of service', node),
    },
    giveBack: async () => {
      // Not as an act of the story: that may have been told to stop.
      const returned = removed === undefined ? [] : await Promise.allSettled([returnNode(lab.kube, lab.namespace)]);
      const others = await Promise.allSettled(taken.map(({ how, node }) => giveBackNode(lab.kube, how, node)));
      // Each was tried before the first that failed is told.
      for (const each of [...returned, ...others]) if (each.status === 'rejected') throw each.reason;
    },
  };
}
