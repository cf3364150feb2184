import type { ClaimId } from '../claims/catalogue.ts';
import type { Evidence } from '../report/evidence.ts';
import type { Desk } from './desk.ts';
import { preflight } from './preflight.ts';
import type { CertifyOptions } from './program.ts';
import { conductRun } from './run.ts';
import { clusterArguments, prepareTarget } from './target.ts';

/** Sets the cluster up if it is ours, looks whether a run can be made on it, and makes it. */
export async function certify(claims: readonly ClaimId[], options: CertifyOptions, desk: Desk): Promise<Evidence> {
  const { signal } = desk.interruption;
  const target = await prepareTarget(options, desk.screen.progress, signal);
  try {
    const { storageClass, jobs } = options;
    const facts = await preflight(target.kube, { storageClass, signal });
    const plan = {
      target,
      facts,
      claims,
      controls: options.controls === true,
      allowDisruption: options.allowDisruption === true,
      ...(storageClass === undefined ? {} : { storageClass }),
      ...(jobs === undefined ? {} : { jobs }),
      argv: desk.argv,
      clusterArguments: clusterArguments(options),
    };
    const { interruption, screen } = desk;
    return await conductRun(plan, {
      interruption,
      show: (event) => screen.show(event),
      say: (line) => screen.say(line),
    });
  } finally {
    target.kube.close();
  }
}
