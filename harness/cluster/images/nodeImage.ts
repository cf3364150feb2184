import { join } from 'node:path';
import { versionStamp } from '../components.ts';
import { runPiped } from '../run.ts';
import { versions } from '../versions.ts';
import { componentImages, type ComponentImage } from './components.ts';
import { buildFromModule, moduleFiles } from './go.ts';
import { keyOf } from './key.ts';
import { kubeadmImages } from './kubeadm.ts';
import type { ImageRecord } from './records.ts';
import type { Made, Workshop } from './workshop.ts';

const nodePrograms = ['kubeadm', 'kubelet', 'kubectl'] as const;
const programs = [...nodePrograms, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];

export interface NodeImage {
  readonly image: Made;
  /** The node image itself and all images inside. */
  readonly records: readonly ImageRecord[];
}

/** The node image: Kubernetes as its modules have it, with all container images a cluster starts with inside. */
export async function nodeImage(shop: Workshop, base: Promise<Made>): Promise<NodeImage> {
  const nodeTools = base.then((parent) =>
    shop.image({ name: 'node-tools', folder: 'node-tools', why: 'kube-proxy and the Pod network need it', parent }),
  );
  const kubernetes = buildKubernetes(shop);
  const names = kubernetes.then(kubeadmImages);
  const [compiled, { pause }, ground, inside] = await Promise.all([
    kubernetes,
    names,
    nodeTools.then((parent) => nodeBase(shop, parent)),
    componentImages(shop, { base, nodeTools, programs: kubernetes, names }),
  ]);
  const bare = await shop.image({
    name: 'node-bare',
    folder: 'node',
    why: `the node's own programs of Kubernetes ${versions.kubernetes}`,
    parent: ground,
    args: { KUBERNETES_VERSION: versions.kubernetes, PAUSE_IMAGE: pause },
    extras: Object.fromEntries(nodePrograms.map((name) => [`program/${name}`, join(compiled.at, name)])),
    extraKeys: [compiled.key],
  });
  const image = await loadInto(shop, bare, inside);
  return { image, records: recordsOf(image, inside) };
}

function buildKubernetes(shop: Workshop): Promise<Made> {
  const packages = programs.map((program) => `k8s.io/kubernetes/cmd/${program}`);
  return buildFromModule(shop, 'kubernetes', packages, versionStamp());
}

async function nodeBase(shop: Workshop, parent: Made): Promise<Made> {
  const kindFiles = await moduleFiles(shop, 'kind-files', 'sigs.k8s.io/kind', versions.kind, 'images/base/files');
  return shop.image({
    name: 'node-base',
    folder: 'node-base',
    why: 'a node runs systemd, containerd and the kubelet',
    parent,
    extras: { 'kind-files': kindFiles.at },
    extraKeys: [kindFiles.key],
  });
}

/** Loads container images into a node image's containerd, pinned, so that a node starts without pulling anything. */
function loadInto(shop: Workshop, bare: Made, inside: readonly ComponentImage[]): Promise<Made> {
  const { engine, signal } = shop;
  const values = Object.fromEntries(inside.map(({ image, name }) => [name, image.key]));
  const key = keyOf({ name: 'node', values, parentKeys: [bare.key], files: [] });
  return shop.imageBy('node', 'nodes start from it, with all they run inside', key, async (tag, step) => {
    const run = ['run', '-d', '--privileged', '--entrypoint', 'sleep', bare.at, 'infinity'];
    const container = (await engine.run(run)).trim();
    try {
      step.update('loading container images into containerd');
      await importInto(shop, container, inside);
      step.update('writing the node image');
      const entrypoint = 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]';
      await engine.run(['commit', '-c', entrypoint, '-c', 'CMD []', container, tag], { signal });
    } finally {
      await engine.run(['rm', '-f', '-v', container]);
    }
  });
}

const startContainerd = `
containerd > /tmp/containerd.log 2>&1 &
for attempt in $(seq 100); do
  ctr version > /tmp/answer 2>&1 && exit
  sleep 0.1
done
cat /tmp/answer /tmp/containerd.log
exit 1`;
const stopContainerd = `
kill "$(pidof containerd)"
while pidof containerd > /dev/null; do sleep 0.1; done
rm -f /tmp/containerd.log /tmp/answer`;

async function importInto(shop: Workshop, container: string, inside: readonly ComponentImage[]): Promise<void> {
  const { engine, signal } = shop;
  const images = ['ctr', '-n', 'k8s.io', 'images'];
  const options = ['--label=io.cri-containerd.pinned=pinned', '--no-unpack', '--digests'];
  await engine.exec(container, ['sh', '-c', startContainerd], { signal });
  await runPiped(
    [engine.name, 'save', ...inside.map(({ image }) => image.at)],
    [engine.name, 'exec', '-i', container, ...images, 'import', ...options, '-'],
    { signal },
  );
  for (const { image, name } of inside)
    await engine.exec(container, [...images, 'tag', `docker.io/${image.at}`, name], { signal });
  await engine.exec(container, ['sh', '-c', stopContainerd], { signal });
}

function recordsOf(image: Made, inside: readonly ComponentImage[]): readonly ImageRecord[] {
  const node: ImageRecord = {
    name: `kindest/node:${versions.kubernetes}`,
    used: image.at,
    fidelity: 'rebuilt',
    why: `Debian ${versions.debian} with the files of kind ${versions.kind}; the Pod network is not kindnetd`,
  };
  return [
    node,
    ...inside.map(({ name, why, image: { at } }) => ({ name, used: at, fidelity: 'rebuilt' as const, why })),
  ];
}
