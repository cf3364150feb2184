import type { Observation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { describePod, isReady } from '../history/pods.ts';
import type { Deployed } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { claimAt } from './claims.ts';
import { settledPodOf, type DeployedPod } from './deployed.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt, objectsNamed, objectsOf, thereAt } from './objects.ts';
import type { Asked } from './settled.ts';

type Exchange = Extract<Observation, { of: 'exchange' }>;

/** What the client recorded of a page. */
interface Page {
  readonly status: number;
  readonly location?: string;
  readonly body: string;
}

/** The page of a path, and what has to be in it. */
export interface Shown {
  readonly path: string;
  readonly texts: readonly string[];
}

/** What WordPress shows when it cannot reach its database. */
const databaseError = 'Error establishing a database connection';
const setUpPath = '/wp-admin/install.php';
const setUpForm = 'install.php?step=';

/**
 * "You should see the WordPress set up page."
 *
 * Verified: the one Pod of the Deployment, which did not change meanwhile, sent the visitor of its first page to the set-up page (302), and the set-up page came (200) with the form that installs the site; so it had reached its
 * database, without which there is no such page.
 * Not verified: that the form works (see what is installed by it).
 */
export function theFirstPageIsTheSetUpPage(site: Deployed, asked: Asked): Guarantee {
  return guarantee('theFirstPageIsTheSetUpPage', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pod = settledPodOf(window, site, asked);
    if (typeof pod === 'string') return undecided(pod);
    return together(
      answers(window, 'GET /', asked.moment, pod.name, 'first pages', (page, entry) =>
        page.status === 302 && pathOf(page.location) === setUpPath
          ? undefined
          : breach(`the first page is ${inWords(page)}`, entry),
      ),
      answers(window, `GET ${setUpPath}`, asked.moment, pod.name, 'set-up pages', (page, entry) =>
        isSetUpPage(page) ? undefined : breach(`the set-up page is ${inWords(page)}`, entry),
      ),
    );
  });
}

/** What a visitor calls the door of a node: the story asks there under this name. */
export function doorOf(node: string, address: string, port: number): string {
  return `${node} at ${address}:${port}`;
}

/**
 * "http://1.2.3.4:32406": the site is reachable at every node's address and the Service's node port.
 *
 * Verified: the Service's port was open at the InternalIP of every node that there is, those without the Pod included: a visitor outside the cluster got the set-up page there (200). A node where nobody answered breaks the promise if at another
 * the page came.
 * Not verified: other addresses of nodes. Where no node answered at all, this machine may have no way to them.
 */
export function theSiteIsReachableAtEachNode(site: Deployed, service: string, asked: Asked): Guarantee {
  const resources = ['pods', 'services', 'nodes'] as const;
  return guarantee('theSiteIsReachableAtEachNode', resources, { from: asked.from, to: asked.to }, (window) => {
    const pod = settledPodOf(window, site, asked);
    if (typeof pod === 'string') return undecided(pod);
    const stored = thereAt(objectsNamed(window, 'services', service), window.to)[0]?.last.object;
    const port = stored?.spec?.ports?.[0]?.nodePort;
    if (port === undefined)
      return each([service], 'Services', (name) => missingAtEnd(window, `${name} has no node port`));
    const nodes = thereAt(objectsOf(window, 'nodes'), window.to).map(({ name, last }) => ({
      name,
      address: internalAddress(last.object),
    }));
    const others = nodes.filter(({ name }) => name !== pod.last.object.spec?.nodeName);
    if (others.length === 0) return undecided('there is no node without the Pod');
    const doors = nodes.map(({ name, address }) => doorOf(name, address, port));
    const asks = doors.map((door) => ({
      door,
      entry: window
        .observations('exchange', asked.moment)
        .findLast(({ target, request }) => target === door && request === `GET ${setUpPath}`),
    }));
    const unasked = asks.find(({ entry }) => entry === undefined);
    if (unasked !== undefined) return undecided(`nobody asked at ${unasked.door} (${asked.moment})`);
    const made = asks
      .map(({ door, entry }) => ({ door, entry }))
      .filter((each): each is { door: string; entry: Exchange } => each.entry !== undefined);
    if (!made.some(({ entry }) => entry.status === 'succeeded'))
      return undecided(`no node answered: ${made[0]?.entry.because}`);
    return each(made, 'doors of nodes', ({ door, entry }) => {
      if (entry.status !== 'succeeded') return breach(`nobody answered at ${door}: ${entry.because}`, entry);
      const page = entry.answer as Page;
      return isSetUpPage(page) ? undefined : breach(`at ${door} the page is ${inWords(page)}`, entry);
    });
  });
}

/** What befell a Pod between two moments. */
export type Fate = 'container restarted' | 'Pod replaced' | 'Pod moved to another node';

/** A site, what of it has to last, the Pod that something befalls, and the claim that keeps what it has. */
export interface Lasting {
  readonly site: Deployed;
  readonly shown: Shown;
  readonly struck: Deployed;
  readonly fate: Fate;
  readonly claim: string;
}

/**
 * "PersistentVolumes … preserve data through restarting, rescheduling, and even deleting Pods."
 *
 * Verified: at the first moment the site's page came (200) with these words, which were made up by the story; then the Pod met its fate (its container started once more in the same Pod; another Pod in its place; another one on another node); at the
 * second moment it was Ready and the page came with the same words. The claim was there all the time, under one uid, Bound to one volume. A Pod in its place that is not Ready breaks the promise.
 * Not verified: what else the volume holds (see the ledger of acknowledged writes).
 */
export function whatIsShownSurvives(lasting: Lasting, before: Asked, after: Asked): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims'] as const;
  return guarantee('whatIsShownSurvives', resources, { from: before.from, to: after.to }, (window) => {
    const { site, shown, struck, fate, claim } = lasting;
    const was = settledPodOf(window, struck, before);
    const now = settledPodOf(window, struck, after);
    if (typeof was === 'string') return undecided(was);
    if (typeof now === 'string') return undecided(now);
    const first = shows(window, site, shown, before);
    const lacking = first.status === 'examined' ? first.breaches[0]?.because : first.because;
    if (lacking !== undefined) return undecided(`it was not shown before: ${lacking}`);
    const doubt = doubtAboutFate(window, fate, { was, now }, before, after);
    if (doubt !== undefined) return undecided(doubt);
    if (!isReady(now.last.object))
      return each([now], 'struck Pods', ({ last }) => breach(describePod(last.object), was.last, last));
    return together(first, shows(window, site, shown, after), claimIsKept(window, claim, before));
  });
}

function doubtAboutFate(
  window: Window,
  fate: Fate,
  { was, now }: { readonly was: DeployedPod; readonly now: DeployedPod },
  before: Asked,
  after: Asked,
): string | undefined {
  const first = objectAt(was, window.history.fence(before.to)?.index ?? -1);
  const second = objectAt(now, window.history.fence(after.to)?.index ?? -1);
  switch (fate) {
    case 'container restarted':
      if (was.uid !== now.uid) return `${was.name} was replaced`;
      return restartsOf(second) === restartsOf(first) + 1
        ? undefined
        : `the containers of ${was.name} were started ${restartsOf(second) - restartsOf(first)} times, not once`;
    case 'Pod replaced':
      return was.uid === now.uid ? `${was.name} was not replaced` : undefined;
    case 'Pod moved to another node':
      if (was.uid === now.uid) return `${was.name} was not replaced`;
      return second?.spec?.nodeName === first?.spec?.nodeName ? `${now.name} is on the node of ${was.name}` : undefined;
  }
}

function restartsOf(pod: Recorded<'pods'> | undefined): number {
  return (pod?.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function claimIsKept(window: Window, name: string, before: Asked): Findings {
  const at = window.history.fence(before.to)?.index ?? -1;
  const life = claimAt(window, name, at);
  if (life === undefined) return each([name], 'claims', () => missingAtEnd(window, `there was no claim ${name}`));
  const standing = life.changes.findLast(({ index }) => index <= at);
  return each([life], 'claims', ({ changes, deletion }) => {
    if (deletion !== undefined) return breach(`the claim ${name} was deleted`, deletion);
    const odd = changes.find(
      ({ index, object }) =>
        index > at &&
        (object.status?.phase !== 'Bound' || object.spec?.volumeName !== standing?.object.spec?.volumeName),
    );
    return odd === undefined ? undefined : breach(`the claim ${name} did not stay Bound to its volume`, odd);
  });
}

/** The moments at which a site's database had its Service, had none, and had it again. */
export interface ServiceMoments {
  readonly with: Asked;
  readonly without: Asked;
  readonly again: Asked;
}

/** How the site is told where its database is: the variable, and the Service's name that has to be its value. */
export interface FoundByName {
  readonly site: Deployed;
  readonly database: Deployed;
  readonly variable: string;
  readonly service: string;
  readonly shown: Shown;
}

/**
 * "WordPress will access the database by Service."
 *
 * Verified: the site's container has the Service's name in the variable. While the Service was there, the page came; after this run had deleted the Service, and while it was not there, the last page that was asked for says that there is no connection to the database (500); when the Service was there
 * again, the page came again. Neither the site's Pod nor the database's changed all the while, and the database's was Ready.
 * Not verified: how long names are remembered.
 */
export function theDatabaseIsFoundByName(found: FoundByName, moments: ServiceMoments): Guarantee {
  const span: Span = { from: moments.with.from, to: moments.again.to };
  return guarantee('theDatabaseIsFoundByName', ['pods', 'services'], span, (window) => {
    const pod = settledPodOf(window, found.site, {
      moment: 'the whole time',
      from: moments.with.from,
      to: moments.again.to,
    });
    const database = settledPodOf(window, found.database, {
      moment: 'the whole time',
      from: moments.with.from,
      to: moments.again.to,
    });
    if (typeof pod === 'string') return undecided(pod);
    if (typeof database === 'string') return undecided(database);
    if (!isReady(database.last.object)) return undecided(`${database.name} was not Ready`);
    const absent = doubtAboutService(window, found.service, moments);
    if (absent !== undefined) return undecided(absent);
    const last = window
      .observations('exchange', moments.without.moment)
      .findLast(({ target, request }) => target === pod.name && request === `GET ${found.shown.path}`);
    if (last === undefined) return undecided(`nobody asked for the page (${moments.without.moment})`);
    return together(
      shows(window, found.site, found.shown, moments.with),
      last.status === 'succeeded'
        ? each([last], 'pages without the Service', (entry) => {
            const page = entry.answer as Page;
            return page.status === 500 && page.body.includes(databaseError)
              ? undefined
              : breach(`without the Service the page is ${inWords(page)}`, entry);
          })
        : undecided(`no page came: ${last.because} (${moments.without.moment})`),
      shows(window, found.site, found.shown, moments.again),
      each([pod], 'variables', (life) => {
        const value = life.last.object.spec?.containers[0]?.env?.find(({ name }) => name === found.variable)?.value;
        return value === found.service ? undefined : breach(`${found.variable} is ${value ?? 'not set'}`, life.last);
      }),
    );
  });
}

function doubtAboutService(window: Window, service: string, moments: ServiceMoments): string | undefined {
  const lives = objectsNamed(window, 'services', service);
  const isThere = (fence: string): boolean => thereAt(lives, window.history.fence(fence)?.index ?? -1).length > 0;
  if (!isThere(moments.with.from) || !isThere(moments.again.from)) return `${service} was not there when it had to be`;
  if (isThere(moments.without.from) || isThere(moments.without.to))
    return `${service} was there when it had to be away`;
  return undefined;
}

function shows(window: Window, site: Deployed, { path, texts }: Shown, asked: Asked): Findings {
  const pod = settledPodOf(window, site, asked);
  if (typeof pod === 'string') return undecided(pod);
  if (texts.length === 0) return undecided('no text was asked about');
  return answers(window, `GET ${path}`, asked.moment, pod.name, 'pages', (page, entry) => {
    const lacking = texts.find((text) => !page.body.includes(text));
    return page.status === 200 && lacking === undefined
      ? undefined
      : breach(`${path} is ${inWords(page)}${lacking === undefined ? '' : `, without “${lacking}”`}`, entry, pod.last);
  });
}

/** Each answer to this request at this moment, by this Pod; one that did not come leaves it open unless another is wrong. */
function answers(
  window: Window,
  request: string,
  moment: string,
  pod: string,
  of: string,
  check: (page: Page, entry: Exchange) => Breach | undefined,
): Findings {
  const asked = window
    .observations('exchange', moment)
    .filter((each) => each.client === 'http' && each.request === request);
  if (asked.length === 0) return undecided(`nobody asked ${request} (${moment})`);
  const stray = asked.find(({ target }) => target !== pod);
  if (stray !== undefined) return undecided(`${request} was put to ${stray.target}, not to ${pod} (${moment})`);
  const mute = asked.find(({ status }) => status !== 'succeeded');
  const came = asked.filter(({ status }) => status === 'succeeded');
  return unlessInDoubt(
    mute && `${request} was not answered: ${mute.because ?? 'no reason'} (${moment})`,
    each(came, of, (entry) => check(entry.answer as Page, entry)),
  );
}

function isSetUpPage({ status, body }: Page): boolean {
  return status === 200 && body.includes(setUpForm) && !body.includes(databaseError);
}

function inWords({ status, location, body }: Page): string {
  if (body.includes(databaseError)) return `${status}, “${databaseError}”`;
  return location === undefined ? String(status) : `${status} to ${location}`;
}

function pathOf(location: string | undefined): string | undefined {
  const [, path] = /^(?:https?:\/\/[^/]*)?(\/[^?#]*)/.exec(location ?? '') ?? [];
  return path;
}

function internalAddress(node: Recorded<'nodes'>): string {
  return node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
}
