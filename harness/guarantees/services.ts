import type { Change } from '../history/entries.ts';
import { isReady } from '../history/pods.ts';
import type { Deployed } from '../history/sets.ts';
import { missingAtEnd, nothingAtEnd } from './absence.ts';
import { settledPodOf } from './deployed.ts';
import { described, judgeAnswers, sorted } from './dnsView.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsNamed, objectsOf, thereAt } from './objects.ts';
import type { Asked } from './settled.ts';

/** A headless Service over one tier of an application, and the tier it must leave out. */
export interface TierService {
  readonly name: string;
  readonly port: number;
  readonly tier: Deployed;
  readonly other: Deployed;
}

/**
 * "clusterIP: None", "selector: app: wordpress, tier: mysql": the Service leads to the one tier and not to the other.
 *
 * Verified: while both tiers had one Ready Pod each and nothing changed: the Service had no address and exactly the one port, its EndpointSlices held exactly the tier's Pod by address and by uid, Ready and on that port, and every answer to the
 * A question for its name was exactly that address.
 * Not verified: what happens while Pods change.
 */
export function theServiceLeadsToItsTierAlone(service: TierService, zone: string, asked: Asked): Guarantee {
  const resources = ['services', 'endpointslices', 'pods'] as const;
  return guarantee('theServiceLeadsToItsTierAlone', resources, { from: asked.from, to: asked.to }, (window) => {
    const [stored] = thereAt(objectsNamed(window, 'services', service.name), window.to);
    if (stored === undefined) return nothingAtEnd(window, `there is no Service ${service.name}`);
    const pod = settledPodOf(window, service.tier, asked);
    const other = settledPodOf(window, service.other, asked);
    if (typeof pod === 'string') return undecided(pod);
    if (typeof other === 'string') return undecided(other);
    const unready = [pod, other].find(({ last }) => !isReady(last.object));
    if (unready !== undefined) return undecided(`${unready.name} was not Ready (${asked.moment})`);
    const address = pod.last.object.status?.podIP ?? '';
    const name = `${service.name}.${window.history.header.namespace}.svc.${zone}`;
    const answers = window
      .observations('dns', asked.moment)
      .filter(({ question }) => question.type === 'A' && question.name === name);
    return together(
      each([stored], 'Services', ({ last }) => notHeadless(last, service)),
      endpointsAre(window, service, { address, uid: pod.uid }),
      judgeAnswers(answers, 'A answers for the Service', (answer) =>
        answer.status === 'NOERROR' && sorted(answer.addresses) === address
          ? undefined
          : breach(`${name} gave ${described(answer)}, expected ${address}`, answer, pod.last),
      ),
    );
  });
}

function notHeadless(change: Change<'services'>, { port }: TierService): Breach | undefined {
  const { metadata, spec } = change.object;
  const addresses = [spec?.clusterIP, ...(spec?.clusterIPs ?? [])].filter((each) => each !== 'None');
  if (addresses.length > 0 || spec?.clusterIP === undefined)
    return breach(`${metadata.name} has the address ${addresses.join(', ') || 'undefined'}`, change);
  const ports = (spec.ports ?? []).map((each) => each.port).join(', ');
  return ports === String(port) ? undefined : breach(`${metadata.name} has the ports ${ports}`, change);
}

function endpointsAre(
  window: Window,
  { name, port }: TierService,
  pod: { readonly address: string; readonly uid: string },
): Findings {
  const slices = thereAt(objectsOf(window, 'endpointslices'), window.to).filter(
    ({ last }) => last.object.metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  const endpoints = slices.flatMap((slice) =>
    (slice.last.object.endpoints ?? []).map((endpoint) => ({ endpoint, slice: slice.last })),
  );
  if (endpoints.length === 0) return each([name], 'endpoints', () => missingAtEnd(window, `${name} leads to no Pod`));
  return each(endpoints, 'endpoints', ({ endpoint, slice }, position) => {
    const to = endpoint.targetRef?.name ?? endpoint.addresses.join(', ');
    if (position > 0) return breach(`${name} leads to ${to} as well`, slice);
    const isPod = sorted(endpoint.addresses) === pod.address && endpoint.targetRef?.uid === pod.uid;
    if (!isPod) return breach(`${name} leads to ${to} at ${endpoint.addresses.join(', ')}`, slice);
    if (endpoint.conditions?.ready !== true)
      return breach(`${name} leads to ${to}, which it does not call ready`, slice);
    const ports = (slice.object.ports ?? []).map((each) => each.port).join(', ');
    return ports === String(port) ? undefined : breach(`${name} leads to the ports ${ports}`, slice);
  });
}

/**
 * "wordpress   LoadBalancer   10.0.0.89   <pending>   80:32406/TCP".
 *
 * Verified: the Service was made within the span; in every change of it, it is of the type LoadBalancer, has a cluster address and a node port of the usual range for port 80, and no address of a load balancer; the span lasted until after
 * the API server had been asked for it once more, and that answer has none either.
 * Not verified: clusters with a controller that gives such addresses: one that a manager of the status's fields wrote leaves it open, since the sentence is not about them.
 */
export function theServiceAwaitsItsAddress(name: string, port: number, moment: string, span: Span = {}): Guarantee {
  return guarantee('theServiceAwaitsItsAddress', ['services'], span, (window) => {
    const life = thereAt(objectsNamed(window, 'services', name), window.to).at(-1);
    if (life === undefined) return nothingAtEnd(window, `there is no Service ${name}`);
    if (life.first.type !== 'added' || life.first.index <= window.from)
      return undecided(`${name} was not made within the span`);
    const [answer] = window.observations('api', moment);
    if (answer?.code !== 200) return undecided(`the Service was not asked for again (${moment})`);
    const later = answer.body as Change<'services'>['object'];
    const controller = managerOfAddress(later) ?? managerOfAddress(life.last.object);
    if (controller !== undefined) return undecided(`this cluster has a controller of load balancers: ${controller}`);
    return together(
      each(life.changes, 'changes of the Service', (change) => {
        const odd = unlikePending(change.object, port);
        return odd === undefined ? undefined : breach(`${name} ${odd}`, change);
      }),
      each([answer], 'answers of the API server', () => {
        const odd = unlikePending(later, port);
        return odd === undefined ? undefined : breach(`${name} ${odd}`, answer);
      }),
    );
  });
}

function unlikePending({ spec, status }: Change<'services'>['object'], port: number): string | undefined {
  if (spec?.type !== 'LoadBalancer') return `is of type ${spec?.type}`;
  if (!/^[0-9a-f.:]+$/.test(spec.clusterIP ?? '')) return `has the cluster address ${spec.clusterIP ?? 'none'}`;
  const [first, second] = spec.ports ?? [];
  if (first?.port !== port || second !== undefined)
    return `has the ports ${(spec.ports ?? []).map((each) => each.port).join(', ')}`;
  const { nodePort = 0 } = first;
  if (nodePort < 30_000 || nodePort > 32_767) return `has the node port ${nodePort}`;
  const addresses = status?.loadBalancer?.ingress ?? [];
  return addresses.length === 0 ? undefined : `was given an address: ${JSON.stringify(addresses)}`;
}

/** Who wrote the address of a load balancer into the status, if one is there. */
function managerOfAddress({ metadata, status }: Change<'services'>['object']): string | undefined {
  if ((status?.loadBalancer?.ingress ?? []).length === 0) return undefined;
  return (metadata.managedFields ?? []).find(({ fieldsV1 }) =>
    JSON.stringify(fieldsV1 ?? {}).includes('f:loadBalancer'),
  )?.manager;
}
