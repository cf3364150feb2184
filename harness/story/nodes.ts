import { deadlines } from '../deadlines.ts';
import { giveBackNode, nodeLabel, outOfService, takeNode, type Taking } from '../disruption/nodes.ts';
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
          const isCordoned = taken.some((each) => each.how === 'cordoned' && each.node === node);
          if (!isCordoned) await take('cordon', 'cordoned', node);
        }),
      pauses: (node) => take('pause', 'paused', node),
      resumes: (node) => giveBack('resume', 'paused', node),
      takesOutOfService: (node) =>
        take('taint', 'out of service', node, `${outOfService.key}=${outOfService.value}:${outOfService.effect}`),
      returnsToService: (node) => giveBack('untaint', 'out of service', node),
    },
    giveBack: async () => {
      const ended = await Promise.allSettled(taken.map(({ how, node }) => giveBackNode(lab.kube, how, node)));
      // Each was tried before the first that failed is told.
      for (const each of ended) if (each.status === 'rejected') throw each.reason;
    },
  };
}
