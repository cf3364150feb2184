import { claim, describe, emptyDirs, inSet, replicas, story, updateStrategy } from '../../../harness/test.ts';
import { requestIsAccepted, requestIsRefused } from '../../../harness/guarantees/api.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { exactlyTheseAreUpdated, podComesBack } from '../../../harness/guarantees/staging.ts';
import { nginx } from '../nginx.ts';
import { images } from '../images.ts';
import { losesPod, statefulSetOf } from './acts.ts';

/** Where the field is, and where the tutorial's text puts it. */
const placed = updateStrategy({ type: 'OnDelete' });
const misplaced = inSet('updateStrategy in the template', (spec) => ({
  ...spec,
  template: { ...(spec['template'] as object), updateStrategy: { type: 'OnDelete' } },
}));

export const onDelete = story(
  'the template of an OnDelete set is changed and one Pod deleted',
  async ({ namespace }) => {
    const create = { verb: 'create', resource: 'statefulsets', dryRun: true } as const;
    await namespace.asks('misplaced, strictly', { ...create, strict: true, body: statefulSetOf(nginx(misplaced)) });
    await namespace.asks('misplaced, leniently', { ...create, body: statefulSetOf(nginx(misplaced)) });
    await namespace.asks('placed, strictly', { ...create, strict: true, body: statefulSetOf(nginx(placed)) });
    const web = await namespace.deploy(nginx(replicas(3), emptyDirs(), placed));
    await web.becomesReady();
    const before = await namespace.mark('before the template is changed');
    await web.setImage(images.staged);
    await web.isObserved();
    const window = await namespace.quietly('the template was changed');
    const deleting = await losesPod(namespace, web, 1, 'the template was changed');
    const after = await namespace.quietly('web-1 came back');
    return { web, leaving: { ...window, from: before }, deleting, replacing: { ...after, from: deleting.from } };
  },
);

describe('OnDelete', () => {
  claim('web.ondelete-no-auto-update', onDelete, ({ web, leaving }) => [
    exactlyTheseAreUpdated(web, [], leaving),
    eachPodIsUntouched(web, [0, 1, 2], leaving),
  ]);
  claim('web.ondelete-updates-on-delete', onDelete, ({ web, deleting, replacing }) => [
    podComesBack(web, 1, { was: 'current', as: 'update' }, deleting),
    exactlyTheseAreUpdated(web, [1], replacing),
    eachPodIsUntouched(web, [0, 2], replacing),
  ]);
  claim('web.ondelete-field', onDelete, ({ web, leaving }) => [
    requestIsRefused('misplaced, strictly', { code: 400, field: 'spec.template.updateStrategy' }),
    requestIsAccepted('placed, strictly', { path: ['spec', 'updateStrategy', 'type'], value: 'OnDelete' }),
    exactlyTheseAreUpdated(web, [], leaving),
  ]);
});
