import type { Claim } from './claim.ts';
import type { Tutorial } from './tutorials.ts';
import { cassandra } from './catalogue/cassandra.ts';
import { concepts } from './catalogue/concepts.ts';
import { goDemo3Deployment } from './catalogue/go-demo-3-deployment.ts';
import { goDemo3Sidecar } from './catalogue/go-demo-3-sidecar.ts';
import { goDemo3Statefulset } from './catalogue/go-demo-3-statefulset.ts';
import { jenkins } from './catalogue/jenkins.ts';
import { mongodbLocalPv } from './catalogue/mongodb-local-pv.ts';
import { mysqlReplicated } from './catalogue/mysql-replicated.ts';
import { reference } from './catalogue/reference.ts';
import { webBasics } from './catalogue/web-basics.ts';
import { webParallel } from './catalogue/web-parallel.ts';
import { wordpressMysql } from './catalogue/wordpress-mysql.ts';
import { zookeeper } from './catalogue/zookeeper.ts';

/** Every claim, by id. A claim stands here once, is proved by a test or is `not run` with a reason, and is named nowhere else by its sentence. */
export const catalogue = {
  ...webBasics,
  ...webParallel,
  ...wordpressMysql,
  ...cassandra,
  ...zookeeper,
  ...mongodbLocalPv,
  ...goDemo3Deployment,
  ...goDemo3Statefulset,
  ...goDemo3Sidecar,
  ...jenkins,
  ...mysqlReplicated,
  ...concepts,
  ...reference,
} as const;

export type ClaimId = keyof typeof catalogue;

/** The ids in the order of the catalogue. */
export const claimIds = Object.keys(catalogue) as readonly ClaimId[];

export function isClaimId(text: string): text is ClaimId {
  return Object.hasOwn(catalogue, text);
}

export function claim(id: ClaimId): Claim {
  return catalogue[id];
}

export function claimsOf(tutorial: Tutorial): readonly ClaimId[] {
  return claimIds.filter((id) => claim(id).tutorial === tutorial);
}

export { isTutorial, tutorialNames, tutorials } from './tutorials.ts';
export type { Tutorial } from './tutorials.ts';
export type { Basis, Claim, Source } from './claim.ts';
