import type { Change } from '../history/entries.ts';
import { controllerOf, describePod, isRunningAndReady, isTerminating } from '../history/pods.ts';
import type { Deployed } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { deploymentAt, podsOf, type DeployedPod } from './deployed.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt, objectsOf, thereAt, versionsWithin, type ObjectLife } from './objects.ts';

/**
 * "wordpress-mysql-1894417608-x5dzt": a Pod of a Deployment is named after it, its ReplicaSet's hash and five letters of its own.
 *
 * Verified: each Pod that was ever there with the Deployment's labels belongs to a ReplicaSet of the Deployment, is called as the ReplicaSet and five letters or digits, and the ReplicaSet as the Deployment and the hash that both
 * carry as a label; within the span a Pod went and another came, under another name.
 * Not verified: that the hash is the template's.
 */
export function podsAreNamedByTheirDeployment(deployed: Deployed, span: Span = {}): Guarantee {
  const resources = ['pods', 'replicasets', 'deployments'] as const;
  return guarantee('podsAreNamedByTheirDeployment', resources, span, (window) => {
    const pods = podsOf(window, deployed);
    const replaced = pods.filter(({ gone }) => gone !== undefined && gone.index > window.from);
    const named = each(pods, 'Pods', (pod) => misnamed(window, deployed, pod));
    if (replaced.length === 0 || pods.length < 2)
      return unlessBroken(
        named.status === 'examined' ? named.breaches : [],
        undecided(`no Pod of ${deployed.name} was replaced`),
      );
    return together(
      named,
      each(pods, 'names of Pods', (pod, position) => {
        const twin = pods.findIndex(({ name }) => name === pod.name);
        const first = pods[twin];
        return twin === position || first === undefined
          ? undefined
          : breach(`another Pod came as ${pod.name}`, first.first, pod.first);
      }),
    );
  });
}

function misnamed(window: Window, deployed: Deployed, { name, last }: DeployedPod): Breach | undefined {
  const owner = controllerOf(last.object);
  if (owner?.kind !== 'ReplicaSet')
    return breach(`${name} belongs to ${owner === undefined ? 'nobody' : `${owner.kind} ${owner.name}`}`, last);
  const set = objectsOf(window, 'replicasets').find(({ uid }) => uid === owner.uid);
  if (set === undefined) return breach(`${name} belongs to a ReplicaSet that there never was`, last);
  const hash = last.object.metadata.labels?.['pod-template-hash'] ?? '';
  if (controllerOf(set.last.object)?.name !== deployed.name)
    return breach(`${name} belongs to ${set.name}, which is not ${deployed.name}'s`, last, set.last);
  if (!/^[0-9a-z]+$/.test(hash) || set.name !== `${deployed.name}-${hash}`)
    return breach(`the ReplicaSet of ${name} is called ${set.name}, its hash is “${hash}”`, last, set.last);
  const isOwn = name.startsWith(`${set.name}-`) && /^[0-9a-z]{5}$/.test(name.slice(set.name.length + 1));
  return isOwn ? undefined : breach(`${name} is not called as ${set.name} and five letters`, last, set.last);
}

/**
 * "A single-instance … Deployment".
 *
 * Verified: what was built to be applied asks for no number of replicas; the Deployment was made within the span and has one in every change of it. At no point of the span were two Pods with its labels there of which neither
 * was on its way out, and one there was.
 * Not verified: that a Pod on its way out has stopped (see `eachPodIsGoneBeforeTheNext`).
 */
export function theDeploymentIsSingle(deployed: Deployed, built: string, span: Span = {}): Guarantee {
  return guarantee('theDeploymentIsSingle', ['deployments', 'pods'], span, (window) => {
    const changes = window.changes('deployments').filter(({ object }) => object.metadata.name === deployed.name);
    if (changes.length === 0)
      return each([deployed.name], 'Deployments', (name) => missingAtEnd(window, `there is no Deployment ${name}`));
    if (changes[0]?.type !== 'added') return undecided(`${deployed.name} was not made within the span`);
    const pods = podsOf(window, deployed);
    const within = window.changes('pods').filter(({ object }) => pods.some(({ uid }) => uid === object.metadata.uid));
    const findings = together(
      each(changes, 'changes of the Deployment', (change) => {
        const replicas = change.object.spec?.replicas;
        return replicas === 1 ? undefined : breach(`${deployed.name} asks for ${replicas} replicas`, change);
      }),
      each(within, 'changes of its Pods', (change) => {
        const alive = thereAt(pods, change.index).filter((pod) => {
          const object = objectAt(pod, change.index);
          return object !== undefined && !isTerminating(object);
        });
        const [first, second] = alive;
        return first === undefined || second === undefined
          ? undefined
          : breach(`${first.name} and ${second.name} were there together`, first.first, second.first);
      }),
    );
    return unlessInDoubt(doubtAboutDefault(window, deployed, built), findings);
  });
}

/** A number that was asked for is no default. */
function doubtAboutDefault(window: Window, { name }: Deployed, built: string): string | undefined {
  const [manifest, second] = window
    .observations('manifest', built)
    .flatMap(({ objects }) => objects)
    .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  if (manifest === undefined || second !== undefined) return `not one Deployment ${name} was built (${built})`;
  const { replicas } = (manifest['spec'] ?? {}) as { readonly replicas?: unknown };
  return replicas === undefined
    ? undefined
    : `the Deployment ${name} was built with ${String(replicas as number)} replicas`;
}

/**
 * "strategy: type: Recreate": of two servers on one volume there is never more than one.
 *
 * Verified: within the span the Deployment was given another template and Pods of it were made; each was made after every Pod of an earlier template was gone; at the end one of the new template is Ready.
 * Not verified: that a process ends with its Pod (see `eachPodHasStoppedWhenItIsGone`).
 */
export function eachPodIsGoneBeforeTheNext(deployed: Deployed, span: Span): Guarantee {
  return guarantee('eachPodIsGoneBeforeTheNext', ['deployments', 'pods'], span, (window) => {
    const pods = podsOf(window, deployed);
    const old = thereAt(pods, window.from);
    const fresh = pods.filter(({ first }) => first.type === 'added' && first.index > window.from);
    const hashes = new Set(old.map(hashOf));
    const ofNewTemplate = fresh.filter((pod) => !hashes.has(hashOf(pod)));
    if (old.length === 0) return undecided(`${deployed.name} had no Pod when the span began`);
    if (!templateWasChanged(window, deployed)) return undecided(`${deployed.name} was not given another template`);
    if (ofNewTemplate.length === 0) return undecided(`no Pod of another template was made for ${deployed.name}`);
    return together(
      each(ofNewTemplate, 'Pods of a new template', (pod) => {
        const before = pods.filter((each) => hashOf(each) !== hashOf(pod) && each.first.index < pod.first.index);
        const early = before.find(({ gone }) => gone === undefined || gone.index > pod.first.index);
        return early === undefined
          ? undefined
          : breach(
              `${pod.name} was made while ${early.name} was there`,
              early.first,
              pod.first,
              ...(early.gone === undefined ? [] : [early.gone]),
            );
      }),
      each([deployed.name], 'Pods at the end', (name) =>
        ofNewTemplate.some((pod) => pod.gone === undefined && isRunningAndReady(pod.last.object))
          ? undefined
          : missingAtEnd(window, `${name} has no Ready Pod of the new template`),
      ),
    );
  });
}

function hashOf({ last }: DeployedPod): string | undefined {
  return last.object.metadata.labels?.['pod-template-hash'];
}

function templateWasChanged(window: Window, { name }: Deployed): boolean {
  const life = deploymentAt(window, name, window.to);
  if (life === undefined) return false;
  const templates = new Set(versionsWithin(life, window).map(({ object }) => JSON.stringify(object.spec?.template)));
  return templates.size > 1;
}

/**
 * "wordpress-mysql-…   1/1   Running   0".
 *
 * Verified: at the end of the span the Deployment says of its newest generation that it is Available with one Ready replica; it has one Pod, Running and Ready, whose containers were never started again.
 * Not verified: that the server in it answers (see what clients saw).
 */
export function theDeploymentIsAvailable(deployed: Deployed, span: Span = {}): Guarantee {
  return guarantee('theDeploymentIsAvailable', ['deployments', 'pods'], span, (window) => {
    const life = deploymentAt(window, deployed.name, window.to);
    if (life === undefined)
      return each([deployed.name], 'Deployments', (name) => missingAtEnd(window, `there is no Deployment ${name}`));
    const pods = thereAt(podsOf(window, deployed), window.to);
    return together(
      each([life], 'Deployments', ({ last }) => unavailable(last)),
      podsAre(window, deployed, pods),
    );
  });
}

function podsAre(window: Window, { name }: Deployed, pods: readonly ObjectLife<'pods'>[]): Findings {
  if (pods.length !== 1) return each([name], 'Pods', () => missingAtEnd(window, `${name} has ${pods.length} Pods`));
  return each(pods, 'Pods', ({ last }) => {
    if (!isRunningAndReady(last.object)) return breach(describePod(last.object), last);
    const restarts = last.object.status?.containerStatuses?.map(({ restartCount }) => restartCount) ?? [];
    return restarts.length > 0 && restarts.every((count) => count === 0)
      ? undefined
      : breach(`the containers of ${last.object.metadata.name} were started again: ${restarts.join(', ')}`, last);
  });
}

function unavailable(change: Change<'deployments'>): Breach | undefined {
  const { metadata, status } = change.object;
  const available = status?.conditions?.find(({ type }) => type === 'Available')?.status;
  if (status?.observedGeneration !== metadata.generation)
    return breach(`${metadata.name} was not seen by its controller`, change);
  if (available === 'True' && status?.readyReplicas === 1) return undefined;
  return breach(
    `${metadata.name} is Available ${available ?? 'unknown'}, with ${status?.readyReplicas ?? 0} Ready`,
    change,
  );
}
