import { betweenMarks, type Probe, type StatefulSetHandle, type StoryNamespace } from '../../harness/test.ts';
import { pageTarget, type Page } from '../../harness/guarantees/content.ts';
import type { Asked } from '../../harness/guarantees/settled.ts';
import { webroot } from './nginx.ts';

/** Gives each of these Pods a front page that no other Pod serves, nor one of an earlier run. */
export async function writesPages(web: StatefulSetHandle, ordinals: readonly number[]): Promise<readonly Page[]> {
  return Promise.all(
    ordinals.map(async (ordinal): Promise<Page> => {
      const nonce = `${web.name}-${ordinal} ${web.uidOf(ordinal)}`;
      const write = ['sh', '-c', `echo ${nonce} > ${webroot}/index.html`];
      await web.runs('each Pod writes its page', ordinal, write);
      return { ordinal, path: '/', body: `${nonce}\n` };
    }),
  );
}

/** GETs each page from its Pod's own address. */
export function fetchesPages(
  namespace: StoryNamespace,
  probe: Probe,
  web: StatefulSetHandle,
  pages: readonly Page[],
  moment: string,
): Promise<Asked> {
  const requests = pages.map((page) => ({
    target: pageTarget(web, page),
    url: `http://${web.addressOf(page.ordinal)}${page.path}`,
  }));
  return betweenMarks(namespace, moment, () => probe.gets(moment, requests));
}
