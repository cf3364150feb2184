import { join } from 'node:path';
import { versions } from '../versions.ts';
import { buildTools } from './buildTools.ts';
import { buildFromModule, moduleFiles } from './go.ts';
import type { KubeadmImages } from './kubeadm.ts';
import type { Made, Workshop } from './workshop.ts';

/** An image that the node image carries, so that a cluster starts without pulling anything. */
export interface ComponentImage {
  readonly image: Made;
  /** Its name in the cluster. */
  readonly name: string;
  /** What is in it, for the report. */
  readonly why: string;
}

const provisioner = 'local-path-provisioner';
const kubernetes = `Kubernetes ${versions.kubernetes}, compiled from its Go module`;

export const provisionerImage = `docker.io/rancher/${provisioner}:${versions.localPathProvisioner}`;
export const helperImage = 'docker.io/steadfast/local-path-helper:1';

/** What the components are made from; promises, as each is used as soon as it is there. */
export interface Materials {
  readonly base: Promise<Made>;
  readonly nodeTools: Promise<Made>;
  /** Kubernetes' own programs. They are compiled first: their images are the largest, and are made meanwhile. */
  readonly programs: Promise<Made>;
  readonly names: Promise<KubeadmImages>;
}

export async function componentImages(shop: Workshop, materials: Materials): Promise<readonly ComponentImage[]> {
  const { base, nodeTools, programs, names } = materials;
  const compiled = (name: string, packages: readonly string[]) =>
    programs.then(() => buildFromModule(shop, name, packages));
  const [made, called] = await Promise.all([
    allOf({
      apiserver: programs.then((from) => single(shop, 'kube-apiserver', from)),
      controllers: programs.then((from) => single(shop, 'kube-controller-manager', from)),
      scheduler: programs.then((from) => single(shop, 'kube-scheduler', from)),
      proxy: Promise.all([programs, nodeTools]).then(([from, parent]) => proxyImage(shop, from, parent)),
      etcd: compiled('etcd', ['go.etcd.io/etcd/server/v3', 'go.etcd.io/etcd/etcdctl/v3']).then((from) =>
        component(shop, 'etcd', from, { etcd: 'server', etcdctl: 'etcdctl' }),
      ),
      coredns: compiled('coredns', ['.']).then((from) =>
        component(shop, 'coredns', from, { coredns: 'coredns' }, 'coredns'),
      ),
      provisioner: compiled(provisioner, [`github.com/rancher/${provisioner}`]).then((from) =>
        single(shop, provisioner, from),
      ),
      pause: pauseImage(shop, base),
      helper: base,
    }),
    names,
  ]);
  return [
    { image: made.apiserver, name: called['kube-apiserver'], why: kubernetes },
    { image: made.controllers, name: called['kube-controller-manager'], why: kubernetes },
    { image: made.scheduler, name: called['kube-scheduler'], why: kubernetes },
    { image: made.proxy, name: called['kube-proxy'], why: kubernetes },
    { image: made.etcd, name: called.etcd, why: `etcd ${versions.etcd} under the tag that kubeadm asks for` },
    {
      image: made.coredns,
      name: called.coredns,
      why: `CoreDNS ${versions.coredns} with the plugins of Kubernetes' Corefile alone`,
    },
    {
      image: made.provisioner,
      name: provisionerImage,
      why: `${provisioner} ${versions.localPathProvisioner}, compiled with client-go of Kubernetes ${versions.kubernetes}`,
    },
    { image: made.pause, name: called.pause, why: `pause.c of Kubernetes ${versions.kubernetes}` },
    { image: made.helper, name: helperImage, why: `Debian ${versions.debian}, for its shell` },
  ];
}

async function allOf<Name extends string>(promises: Record<Name, Promise<Made>>): Promise<Record<Name, Made>> {
  const entries = Object.entries<Promise<Made>>(promises).map(async ([name, made]) => [name, await made] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, Made>;
}

/** An image of the one program that bears its name. */
function single(shop: Workshop, name: string, from: Made): Promise<Made> {
  return component(shop, name, from, { [name]: name });
}

function proxyImage(shop: Workshop, from: Made, parent: Made): Promise<Made> {
  return component(shop, 'kube-proxy', from, { 'kube-proxy': 'kube-proxy' }, 'kube-proxy', parent);
}

/** An image of programs that were made before: `files` tells their names in the image and in the artefact's folder. */
function component(
  shop: Workshop,
  name: string,
  from: Made,
  files: Readonly<Record<string, string>>,
  folder = 'component',
  parent?: Made,
): Promise<Made> {
  const extras = Object.fromEntries(
    Object.entries(files).map(([to, source]) => [`program/${to}`, join(from.at, source)]),
  );
  const why = `the cluster runs ${name} from it`;
  return shop.image({ name, folder, why, extras, extraKeys: [from.key], ...(parent === undefined ? {} : { parent }) });
}

async function pauseImage(shop: Workshop, base: Promise<Made>): Promise<Made> {
  const parent = await buildTools(shop, base);
  const source = await moduleFiles(shop, 'pause-source', 'k8s.io/kubernetes', versions.kubernetes, 'build/pause/linux');
  return shop.image({
    name: 'pause',
    folder: 'pause',
    why: 'every Pod has one',
    parent,
    extras: { 'pause.c': join(source.at, 'pause.c') },
    extraKeys: [source.key],
  });
}
