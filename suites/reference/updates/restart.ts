import { breaks, claim, describe, replicas, story } from '../../../harness/test.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { restartChangesNothing } from '../../../harness/guarantees/restarts.ts';
import { web as workload } from '../web.ts';
import { rollOutEnds, template } from './acts.ts';

/** The set has two revisions, so that the one that its Pods do not have must survive as well. */
const restarted = story(
  'the controller manager is killed and starts anew',
  { alone: true },
  async ({ namespace, nodes }) => {
    const web = await namespace.deploy(workload(replicas(1)));
    await web.becomesReady();
    await web.patch(template('second'));
    await rollOutEnds(namespace, web, [0]);
    const from = await namespace.mark('before the restart');
    const restart = await nodes.restartsController();
    const after = await namespace.quietly('after the restart');
    await web.patch(template('third'));
    await rollOutEnds(namespace, web, [0]);
    const rolled = await namespace.quietly('after another update');
    return { web, restart, quiet: { ...after, from }, rolled: { ...rolled, from } };
  },
);

describe('Pod Identity', () => {
  claim('ref.controller-restart-is-quiet', restarted, ({ web, restart, quiet }) => [
    restartChangesNothing(web, restart, quiet),
    eachPodIsUntouched(web, [0], quiet),
  ]);
});

describe('controls of restarts: a longer span, with an update in it', () => {
  breaks('ref.controller-restart-is-quiet', restarted, ({ web, restart, rolled }) =>
    restartChangesNothing(web, restart, rolled),
  );
});
