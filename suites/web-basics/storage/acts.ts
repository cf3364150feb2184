import { betweenMarks, type Stage, type StatefulSetHandle, type Workload } from '../../../harness/test.ts';
import type { Page } from '../../../harness/guarantees/content.ts';
import { webroot } from '../nginx.ts';
import { fetchesPages } from '../pages.ts';

/** Each Pod writes its hostname, as the tutorial does, and a nonce; both are fetched, the Pods deleted, and both fetched again. */
export const writtenAndDeleted =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const [web, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await web.becomesReady();
    const pages = await writesNameAndNonce(web, [0, 1]);
    const before = await fetchesPages(namespace, probe, web, pages, 'before the deletion');
    await web.deletePods();
    await web.becomesReady();
    const after = await fetchesPages(namespace, probe, web, pages, 'after the deletion');
    return { web, pages, before, after, deletion: { from: before.to, to: after.from } };
  };

/** What is written in the container is looked for in the volume, on the node's disk. */
export const lookedInto =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const web = await namespace.deploy(workload);
    await web.becomesReady();
    const nonce = crypto.randomUUID();
    await web.runs('written', 0, ['sh', '-c', `echo ${nonce} > ${webroot}/nonce.txt`]);
    const moment = 'the mounts and the disk of the node';
    const asked = await betweenMarks(namespace, moment, async () => {
      await web.runs(moment, 0, ['cat', '/proc/self/mountinfo']);
      await namespace.looksAtVolume(moment, 'www-web-0', ['find', '{path}', '-type', 'f', '-exec', 'cat', '{}', ';']);
    });
    return { web, written: [{ ordinal: 0, nonce }], asked };
  };

/** web-0 has written its pages, its node takes no more Pods, and it is deleted. */
export async function sentAway({ namespace, nodes }: Stage, workload: Workload) {
  const [web, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
  await web.becomesReady();
  const pages = await writesNameAndNonce(web, [0]);
  const before = await fetchesPages(namespace, probe, web, pages, 'on the first node');
  const old = web.uidOf(0);
  await nodes.cordon(web.nodeOf(0));
  await web.deletePod(0);
  return { web, probe, pages, before, old };
}

/** Each Pod writes its hostname to its index page, and a nonce beside it. */
async function writesNameAndNonce(web: StatefulSetHandle, ordinals: readonly number[]): Promise<readonly Page[]> {
  const pages = ordinals.map((ordinal) => ({ ordinal, nonce: crypto.randomUUID() }));
  for (const { ordinal, nonce } of pages) {
    const writes = `echo "$(hostname)" > ${webroot}/index.html; echo ${nonce} > ${webroot}/nonce.txt`;
    await web.runs('written', ordinal, ['sh', '-c', writes]);
  }
  return pages.flatMap(({ ordinal, nonce }): readonly Page[] => [
    { ordinal, path: '/', body: `web-${ordinal}\n` },
    { ordinal, path: '/nonce.txt', body: `${nonce}\n` },
  ]);
}
