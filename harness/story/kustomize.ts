import { parseAllDocuments } from 'yaml';
import { controlPlane, openKindCluster } from '../cluster/index.ts';
import { attempt } from '../cluster/run.ts';
import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import type { Manifest } from '../history/objects.ts';
import type { Kustomization } from '../workload/kustomization.ts';
import { operate, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';

/** What the directory is built to by kubectl's kustomize, in a `manifest` observation. */
export async function buildDirectory(
  lab: Lab,
  moment: string,
  kustomization: Kustomization,
): Promise<readonly Manifest[]> {
  const { code, said } = await kubectl(lab, kustomization, ['kustomize', '.']);
  if (code !== 0) throw new RunError(`kubectl kustomize ended with exit code ${code}: ${said}`);
  const objects = parseAllDocuments(said).map((document) => document.toJS() as Manifest);
  lab.recording.append({ kind: 'observation', of: 'manifest', moment, file: 'kustomization.yaml', objects });
  return objects;
}

/** `kubectl apply -k`, as one operation whose detail says how the directory differs from the tutorial's. */
export async function applyDirectory(lab: Lab, kustomization: Kustomization): Promise<void> {
  for (const variation of kustomization.variations) lab.variations.add(variation);
  const detail = kustomization.variations.join('; ') || 'as the tutorial has it';
  await operate(lab, 'apply -k', 'kustomization', detail, () => succeeds(lab, kustomization, ['apply', '-k', '.']));
}

/** `kubectl delete -k`. An object that is not there is an answer, and so is one that does not go; kubectl has deleted the others all the same. */
export async function deleteDirectory(lab: Lab, kustomization: Kustomization): Promise<boolean> {
  const detail = kustomization.variations.join('; ') || 'as the tutorial has it';
  const argv = ['delete', '-k', '.', `--timeout=${deadlines.namespaceGoneMs / 1000}s`];
  let isThrough = true;
  await operate(lab, 'delete -k', 'kustomization', detail, async () => {
    const { code, said } = await kubectl(lab, kustomization, argv);
    isThrough = code === 0;
    if (!isThrough && !/\(NotFound\)|timed out waiting for the condition/.test(said))
      throw new RunError(`kubectl delete -k ended with exit code ${code}: ${said}`);
  });
  return isThrough;
}

async function succeeds(lab: Lab, kustomization: Kustomization, argv: readonly string[]): Promise<void> {
  const { code, said } = await kubectl(lab, kustomization, argv);
  if (code !== 0) throw new RunError(`kubectl ${argv.join(' ')} ended with exit code ${code}: ${said}`);
}

/** Writes the files (name, text, name, text …) into a folder of its own and runs the rest there. What was written to standard error counts only of a failure. */
const inFolder = `
folder=$(mktemp -d) && cd "$folder" || exit
trap 'rm -rf "$folder"' EXIT
count=$1; shift
while [ "$count" -gt 0 ]; do printf '%s' "$2" > "$1"; shift 2; count=$((count - 1)); done
if "$@" 2> .stderr; then code=0; else code=$?; cat .stderr; fi
printf '\\n--exit code %s' "$code"
`;

/**
 * kubectl as the tutorial's reader runs it, in a folder that holds the kustomization, on the story's namespace. Of a kind cluster it is the one that was built
 * with the cluster, on its control plane; of another, this machine's.
 */
async function kubectl(
  lab: Lab,
  { files }: Kustomization,
  argv: readonly string[],
): Promise<{ readonly code: number; readonly said: string }> {
  const { cluster } = lab.run;
  const access =
    cluster.provider === 'kind'
      ? ['--kubeconfig=/etc/kubernetes/admin.conf']
      : [
          ...(cluster.kubeconfigPath === undefined ? [] : [`--kubeconfig=${cluster.kubeconfigPath}`]),
          `--context=${cluster.context}`,
        ];
  const names = Object.keys(files);
  const words = names.flatMap((name) => [name, files[name] ?? '']);
  const command = ['kubectl', ...access, `--namespace=${lab.namespace}`, ...argv];
  const script = ['sh', '-c', inFolder, 'sh', String(names.length), ...words, ...command];
  const written = await (cluster.provider === 'kind' ? onControlPlane(lab, script) : onThisMachine(lab, script));
  const [, said = '', code] = /^([\s\S]*)\n--exit code (\d+)$/.exec(written) ?? [];
  if (code === undefined) throw new RunError(`kubectl ${argv.join(' ')} did not say how it ended: ${written}`);
  if (code === '127') throw new NotRun('kubectl, which builds the kustomization, is not on this machine');
  return { code: Number(code), said: said.trim() };
}

async function onControlPlane(lab: Lab, script: readonly string[]): Promise<string> {
  const { name } = lab.run.cluster;
  const nodes = (await openKindCluster(name))?.nodes;
  if (nodes === undefined) throw new RunError(`the kind cluster ${name} is gone`);
  return nodes.run(controlPlane(name), script, { signal: lab.signal });
}

async function onThisMachine(lab: Lab, [command = 'sh', ...args]: readonly string[]): Promise<string> {
  const { stdout } = await attempt(command, args, { signal: lab.signal });
  return stdout;
}
