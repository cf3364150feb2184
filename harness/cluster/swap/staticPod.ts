import { controlPlane } from '../kind.ts';
import { onControlPlane, pathOf, shellWords, type Binary, type Ground } from './ground.ts';
import { awaitUse } from './inUse.ts';
import { anew, changed, isSameButForUid, manifests, type SavedManifest, type StaticComponent } from './manifest.ts';

/** Under another name than the original's: kubelet waits ten seconds and more before it starts a Pod whose name it has just ended. */
export async function putStaticPod(ground: Ground, saved: SavedManifest, binary: Binary): Promise<void> {
  await exchange(ground, saved.component, `${saved.component}.mutant.yaml`, changed(saved, binary), pathOf(binary));
}

export async function restoreStaticPod(ground: Ground, { component, manifest }: SavedManifest): Promise<void> {
  if (await isInPlace(ground, component, manifest)) return awaitUse(ground, component);
  await exchange(ground, component, `${component}.yaml`, anew(manifest), `*/bin/${component}`);
}

/** In what the manifests' folder differs from what it was. */
export async function faultsOfManifest(
  ground: Ground,
  { component, manifest }: SavedManifest,
): Promise<readonly string[]> {
  return (await isInPlace(ground, component, manifest)) ? [] : [`the manifest of ${component} is not the original one`];
}

async function isInPlace({ engine, cluster }: Ground, component: StaticComponent, manifest: string): Promise<boolean> {
  const script = 'cd "$0" && ls | grep "^$1" && cat "$1.yaml"';
  const found = await engine.attempt(['exec', controlPlane(cluster), 'sh', '-c', script, manifests, component]);
  const [file, ...lines] = found.stdout.split('\n');
  return found.code === 0 && file === `${component}.yaml` && isSameButForUid(lines.join('\n'), manifest);
}

/**
 * Takes the old manifest away, ends the old process at once, and lays the new manifest down in one step. Done when the new program is the only one of
 * its name.
 */
const exchangeScript = `${shellWords}
component=$1 file=$2 path=$3
cd /etc/kubernetes
mkdir -p steadfast
cat > "steadfast/$file"
old=$(running "$component")
rm -f "manifests/$component.yaml" "manifests/$component.mutant.yaml"
end_all "$old"
gone() { for pid in $old; do [ ! -e "/proc/$pid/exe" ] || ! readlink "/proc/$pid/exe" >/dev/null 2>&1 || return 1; done; }
within 20 gone
case "$component" in
  kube-apiserver) ;;
  *) take_lease "$component" ;;
esac
mv "steadfast/$file" "manifests/$file"
# One process, of the path that is wanted, and none of those before: kubelet may have begun to start the old container again.
alone() {
  pid=$(running "$component")
  [ -n "$pid" ] && [ "$pid" = "\${pid%
*}" ] && case "$(readlink "/proc/$pid/exe")" in $path) ;; *) return 1 ;; esac
}
within 90 alone || { echo "$component did not come up: no single process of $path" >&2; exit 1; }`;

async function exchange(
  ground: Ground,
  component: StaticComponent,
  file: string,
  manifest: string,
  path: string,
): Promise<void> {
  await onControlPlane(ground, exchangeScript, [component, file, path], manifest);
  await awaitUse(ground, component);
}
