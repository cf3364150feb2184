import { claim, type ClaimId, type Tutorial } from './catalogue.ts';

/** The tutorials that no suite judges yet, and why. A claim that has a test must not be here: coverage reports it as a fault. */
export const notRun: Readonly<Partial<Record<Tutorial, string>>> = {
  'mongodb-local-pv': 'the suite for this tutorial is not written yet',
  'go-demo-3-deployment': 'the suite for this tutorial is not written yet',
  'go-demo-3-statefulset': 'the suite for this tutorial is not written yet',
  'go-demo-3-sidecar': 'the suite for this tutorial is not written yet',
  jenkins: 'the suite for this tutorial is not written yet',
  'mysql-replicated': 'the suite for this tutorial is not written yet',
  concepts: 'the suite for these claims is not written yet',
};

/**
 * Single claims that the suite of their tutorial does not judge, and why: a fact about a stand-in or a platform that no test could get round, or that it is
 * not judged yet. The same rule holds: a claim that has a test must not be here.
 */
export const claimsNotRun: Readonly<Partial<Record<ClaimId, string>>> = {};

/** Why no suite judges the claim; undefined when one has to. */
export function reasonNotRun(id: ClaimId): string | undefined {
  return claimsNotRun[id] ?? notRun[claim(id).tutorial];
}
