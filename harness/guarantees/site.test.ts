import { describe, expect, test } from 'vitest';
import { fence, fenced, reported, type Step } from '../history/testing.ts';
import {
  doorOf,
  theDatabaseIsFoundByName,
  theFirstPageIsTheSetUpPage,
  theSiteIsReachableAtEachNode,
  whatIsShownSurvives,
  type Fate,
} from './site.ts';
import { db, exchanged, front, podComes, podGoes, podIs } from './testingDeployed.ts';

const setUp = '<form action="install.php?step=2">';
const lost = '<h1>Error establishing a database connection</h1>';
const pod = podComes('front-aa-1', { of: front });

const page = (moment: string, path: string, answer: object | undefined, target = 'front-aa-1'): Step =>
  exchanged('http', moment, target, `GET ${path}`, answer === undefined ? {} : { answer });

describe('theFirstPageIsTheSetUpPage', () => {
  const { judge } = theFirstPageIsTheSetUpPage(front, { moment: 'first', from: 'begin', to: 'done' });
  const told = (...steps: readonly Step[]) => fenced(pod, fence('begin'), ...steps, fence('done'));
  const first = page('first', '/', { status: 302, location: 'http://site/wp-admin/install.php', body: '' });
  const form = page('first', '/wp-admin/install.php', { status: 200, body: setUp });

  test('upheld: sent to the form', () => {
    expect(judge(told(first, form))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: sent elsewhere, or to no other page', () => {
    const elsewhere = page('first', '/', { status: 302, location: '/wp-admin/setup-config.php', body: '' });
    expect(judge(told(elsewhere, form))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(page('first', '/', { status: 200, body: setUp }), form))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: no form, or no database', () => {
    for (const answer of [
      { status: 200, body: '' },
      { status: 500, body: lost },
      { status: 500, body: setUp },
    ])
      expect(judge(told(first, page('first', '/wp-admin/install.php', answer)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: a page was not asked for, did not come, or came from another Pod', () => {
    expect(judge(told(first))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(page('first', '/', undefined), form))).toMatchObject({ outcome: 'inconclusive' });
    const foreign = page('first', '/wp-admin/install.php', { status: 200, body: setUp }, 'front-aa-0');
    expect(judge(told(first, foreign))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theSiteIsReachableAtEachNode', () => {
  const { judge } = theSiteIsReachableAtEachNode(front, 'front', { moment: 'doors', from: 'begin', to: 'done' });
  const node = (name: string, address: string): Step =>
    reported('nodes', 'added', name, { status: { addresses: [{ type: 'InternalIP', address }] } });
  const service = reported('services', 'added', 'front', { spec: { ports: [{ port: 80, nodePort: 30080 }] } });
  const nodes = [node('worker-1', '172.18.0.2'), node('worker-2', '172.18.0.3')];
  const doors = [doorOf('worker-1', '172.18.0.2', 30080), doorOf('worker-2', '172.18.0.3', 30080)] as const;
  const told = (...steps: readonly Step[]) => fenced(pod, service, ...nodes, fence('begin'), ...steps, fence('done'));
  const at = (door: string, answer: object | undefined) => page('doors', '/wp-admin/install.php', answer, door);
  const good = { status: 200, body: setUp };

  test('upheld: the page comes at both', () => {
    expect(judge(told(at(doors[0], good), at(doors[1], good)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: nobody answers at one, or another page comes there', () => {
    expect(judge(told(at(doors[0], good), at(doors[1], undefined)))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(at(doors[0], good), at(doors[1], { status: 500, body: lost })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the Service has no node port', () => {
    const bare = reported('services', 'modified', 'front', { spec: { ports: [{ port: 80 }] } });
    expect(judge(fenced(pod, service, bare, ...nodes, fence('begin'), fence('done')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: no node answers, one was not asked, or asked at another address', () => {
    expect(judge(told(at(doors[0], undefined), at(doors[1], undefined)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(at(doors[0], good)))).toMatchObject({ outcome: 'inconclusive' });
    const other = at(doorOf('worker-2', '172.18.0.3', 30081), good);
    expect(judge(told(at(doors[0], good), other))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there is no node without the Pod', () => {
    const history = fenced(pod, service, nodes[0] ?? pod, fence('begin'), at(doors[0], good), fence('done'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

const claim = (fields: object = {}, type: 'added' | 'modified' | 'deleted' = 'modified'): Step =>
  reported('persistentvolumeclaims', type, 'data', {
    spec: { volumeName: 'pv-0' },
    status: { phase: 'Bound' },
    ...fields,
  });
const good = { status: 200, body: 'a title, a post' };
const shown = { path: '/', texts: ['a title', 'a post'] };

describe('whatIsShownSurvives', () => {
  const before = { moment: 'before', from: 'b1', to: 'b2' };
  const after = { moment: 'after', from: 'a1', to: 'a2' };
  const judging = (fate: Fate) =>
    whatIsShownSurvives({ site: front, shown, struck: db, fate, claim: 'data' }, before, after).judge;
  const old = podComes('db-aa-1');
  const told = (befalls: readonly Step[], answer: object | undefined = good, earlier: object | undefined = good) =>
    fenced(
      ...[claim({}, 'added'), pod, old, fence('b1'), page('before', '/', earlier), fence('b2')],
      ...befalls,
      ...[fence('a1'), page('after', '/', answer), fence('a2')],
    );
  const restarts = [podIs('db-aa-1', { ready: false }), podIs('db-aa-1', { restarts: 1 })];
  const replaces = [podGoes('db-aa-1'), podComes('db-aa-2', { node: 'worker-1' })];
  const moves = [podGoes('db-aa-1'), podComes('db-aa-2', { node: 'worker-2' })];

  test('upheld: each fate', () => {
    expect(judging('container restarted')(told(restarts))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
    expect(judging('Pod replaced')(told(replaces))).toMatchObject({ outcome: 'upheld' });
    expect(judging('Pod moved to another node')(told(moves))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a word is missing, the site is empty, or has lost its database', () => {
    for (const answer of [
      { status: 200, body: 'a title' },
      { status: 302, location: '/x', body: '' },
      { status: 500, body: lost },
    ])
      expect(judging('Pod replaced')(told(replaces, answer))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim was deleted, or is Bound to another volume', () => {
    const gone = [...replaces, claim({}, 'deleted')];
    expect(judging('Pod replaced')(told(gone))).toMatchObject({ outcome: 'violated' });
    const other = [...replaces, claim({ spec: { volumeName: 'pv-1' } })];
    expect(judging('Pod replaced')(told(other))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Pod in its place is not Ready', () => {
    const stuck = [podGoes('db-aa-1'), podComes('db-aa-2', { phase: 'Pending', node: '' })];
    expect(judging('Pod moved to another node')(told(stuck))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: another fate than the one it was to meet', () => {
    expect(judging('container restarted')(told([]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judging('container restarted')(told(replaces))).toMatchObject({ outcome: 'inconclusive' });
    expect(judging('container restarted')(told([podIs('db-aa-1', { restarts: 2 })]))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judging('Pod replaced')(told(restarts))).toMatchObject({ outcome: 'inconclusive' });
    expect(judging('Pod moved to another node')(told(replaces))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not shown before, or no page came afterwards', () => {
    expect(judging('Pod replaced')(told(replaces, good, { status: 200, body: '' }))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judging('Pod replaced')(told([...replaces, podGoes('front-aa-1', { of: front })]))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('theDatabaseIsFoundByName', () => {
  const env = [{ name: 'DB_HOST', value: 'db' }];
  const found = { site: front, database: db, variable: 'DB_HOST', service: 'db', shown };
  const asked = (moment: string) => ({ moment, from: `${moment} begin`, to: `${moment} end` });
  const moments = { with: asked('with'), without: asked('without'), again: asked('again') };
  const { judge } = theDatabaseIsFoundByName(found, moments);
  const at = (moment: string, ...answers: readonly (object | undefined)[]): readonly Step[] => [
    fence(`${moment} begin`),
    ...answers.map((answer) => page(moment, '/', answer)),
    fence(`${moment} end`),
  ];
  const site = (variables: readonly object[] = env) =>
    podComes('front-aa-1', { of: front, spec: { containers: [{ name: 'front', env: variables }] } });
  const service = (type: 'added' | 'deleted') => reported('services', type, 'db');
  const told = (without: readonly (object | undefined)[], again: object | undefined = good, variables = env) =>
    fenced(
      ...[site(variables), podComes('db-aa-1'), service('added')],
      ...at('with', good),
      service('deleted'),
      ...at('without', ...without),
      service('added'),
      ...at('again', again),
    );
  const error = { status: 500, body: lost };

  test('upheld: the page, then no connection, then the page', () => {
    expect(judge(told([good, error]))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the page is there without the Service, or not with it again', () => {
    expect(judge(told([error, good]))).toMatchObject({ outcome: 'violated' });
    expect(judge(told([error], error))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the variable is something else', () => {
    expect(judge(told([error], good, [{ name: 'DB_HOST', value: '10.0.0.1' }]))).toMatchObject({ outcome: 'violated' });
    expect(judge(told([error], good, []))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked without the Service, or no page came', () => {
    expect(judge(told([]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([error, undefined]))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Service was there all the time, or the database started again', () => {
    const kept = [site(), podComes('db-aa-1'), service('added')];
    const looks = [...at('with', good), ...at('without', error), ...at('again', good)];
    expect(judge(fenced(...kept, ...looks))).toMatchObject({ outcome: 'inconclusive' });
    const restarted = [...at('with', good), service('deleted'), podIs('db-aa-1', { restarts: 1 })];
    const rest = [...at('without', error), service('added'), ...at('again', good)];
    expect(judge(fenced(...kept, ...restarted, ...rest))).toMatchObject({ outcome: 'inconclusive' });
  });
});
