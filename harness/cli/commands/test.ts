import { claimIds } from '../../claims/catalogue.ts';
import { ensureBrowser } from '../../report/browser.ts';
import type { Evidence } from '../../report/evidence.ts';
import { newViolations } from '../../report/exit.ts';
import { check, runTests, sum, type Tally } from '../check.ts';
import { storedRun } from '../folders.ts';
import type { Desk } from '../desk.ts';
import { builtInCatalogue } from '../../mutants/catalogue.ts';
import type { Totals } from '../../mutants/results.ts';
import { locateAll } from '../../mutants/source.ts';
import { runMutants } from '../mutantRun.ts';
import { collectProofs } from '../proofs.ts';
import { openTarget } from '../target.ts';
import { certify } from '../certify.ts';
import { notBorneOut } from './judge.ts';

/**
 * Everything there is to test, from the cheapest to the dearest: a mistake that a compiler finds should not cost twenty minutes. The last line says
 * how many tests passed and failed.
 */
export async function testCommand(desk: Desk): Promise<number> {
  const tally = await testEverything(desk);
  desk.screen.print(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

async function testEverything(desk: Desk): Promise<Tally> {
  const { screen, interruption } = desk;
  const checked = await check(interruption.signal, (line) => screen.print(line));
  if (checked.failed > 0) return checked;
  const evidence = await certify(claimIds, { controls: true }, desk);
  interruption.signal.throwIfAborted();
  const again = await judgedAgain(evidence, desk);
  const browser = await browserTests(desk);
  const cluster = await clusterTests(desk);
  interruption.signal.throwIfAborted();
  const mutants = await quickMutants(evidence, desk);
  return sum([checked, tallyOf(evidence), again, mutants, cluster, browser]);
}

/** What the run has stored must bear out what it said: one test, and one failed for each verdict that is another one now. */
async function judgedAgain({ run, status }: Evidence, desk: Desk): Promise<Tally> {
  if (status !== 'complete') return { passed: 0, failed: 0 };
  const changed = await notBorneOut(await storedRun(run.id), desk);
  const sentence = changed.length === 0 ? 'the verdicts are those of the run' : 'these verdicts differ from the run:';
  desk.screen.say(['The stored histories judged again: ' + sentence, ...changed].join('\n'));
  return { passed: changed.length === 0 ? 1 : 0, failed: changed.length };
}

/** The fastest mutants of the catalogue: that the suites can go red is a test like any other. What the suites have just judged is not judged again. */
async function quickMutants(evidence: Evidence, desk: Desk): Promise<Tally> {
  const mutants = (await builtInCatalogue()).filter(({ quick }) => quick);
  if (mutants.length === 0 || evidence.status !== 'complete') return { passed: 0, failed: 0 };
  desk.screen.say('Mutants:');
  const order = {
    located: await locateAll(mutants),
    selection: { quick: true },
    proofs: await collectProofs(),
    clusters: 1,
    evidence,
  } as const;
  return tallyOfMutants((await runMutants(order, desk)).totals);
}

/** What is not killed has failed, unless it is argued that nothing can kill it. */
export function tallyOfMutants({ mutants, killed, equivalent }: Totals): Tally {
  return { passed: killed + equivalent, failed: mutants - killed - equivalent };
}

/**
 * A claim that is not upheld, a control that did not turn red, and a run that broke are failures; claims that are not run are neither. A violation that
 * is known of the server's version passes when it is seen, and fails when it is not.
 */
export function tallyOf({ status, totals }: Pick<Evidence, 'status' | 'totals'>): Tally {
  const { upheld, inconclusive, controls, judged, known = { violated: 0, notSeen: 0 } } = totals;
  const broken = status === 'complete' && judged > 0 ? 0 : 1;
  return {
    passed: upheld - known.notSeen + known.violated + controls.red,
    failed: newViolations(totals) + known.notSeen + inconclusive + controls.green + controls.inconclusive + broken,
  };
}

async function clusterTests({ screen, interruption }: Desk): Promise<Tally> {
  const { cluster, kube } = await openTarget({});
  kube.close();
  screen.say('Tests on the cluster:');
  const env = { STEADFAST_KUBECONFIG: cluster.kubeconfigPath ?? '', STEADFAST_CONTEXT: cluster.context };
  return (await runTests('cluster', interruption.signal, { shown: true, env })).tally;
}

async function browserTests({ screen, interruption }: Desk): Promise<Tally> {
  await ensureBrowser(screen.progress);
  return (await runTests('browser', interruption.signal, { shown: true })).tally;
}
