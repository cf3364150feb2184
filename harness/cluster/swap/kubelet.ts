import { nodesOf, ask, onNode, pathOf, shellWords, until, type Binary, type Ground } from './ground.ts';

export interface SavedKubelet {
  readonly kind: 'kubelet';
}

/** Lays the binary over the nodes' own, which is kept beside it, and restarts the unit on all of them. Pods go on meanwhile. */
export async function putKubelet(ground: Ground, binary: Binary): Promise<void> {
  await everywhere(ground, putScript, [pathOf(binary)]);
}

export async function restoreKubelet(ground: Ground): Promise<void> {
  await everywhere(ground, restoreScript, []);
}

/** Nodes whose kubelet is not the original program, or that still keep one aside. */
export async function faultsOfKubelets(ground: Ground): Promise<readonly string[]> {
  const script = `${shellWords}\n[ ! -e /usr/bin/kubelet.original ] || echo aside; pid=$(running kubelet); [ "/proc/$pid/exe" -ef /usr/bin/kubelet ] || echo other`;
  const answers = await Promise.all(
    (await nodesOf(ground)).map(async (node) => ({ node, said: (await onNode(ground, node, script)).trim() })),
  );
  return answers
    .filter(({ said }) => said !== '')
    .map(({ node, said }) =>
      said === 'aside' ? `${node} keeps its original kubelet aside` : `${node} runs another kubelet`,
    );
}

const started = `
current() { pid=$(running kubelet); [ -n "$pid" ] && [ "/proc/$pid/exe" -ef /usr/bin/kubelet ]; }
# Also where it runs already: only a kubelet that has just begun says at once that its node is Ready.
systemctl restart kubelet
within 30 current || { echo "the kubelet did not come up" >&2; exit 1; }`;

const putScript = `${shellWords}
[ -e /usr/bin/kubelet.original ] || cp -p /usr/bin/kubelet /usr/bin/kubelet.original
cp "$1" /usr/bin/kubelet.incoming
mv -f /usr/bin/kubelet.incoming /usr/bin/kubelet
${started}`;

const restoreScript = `${shellWords}
[ ! -e /usr/bin/kubelet.original ] || mv -f /usr/bin/kubelet.original /usr/bin/kubelet
${started}`;

async function everywhere(ground: Ground, script: string, args: readonly string[]): Promise<void> {
  const since = new Date();
  const nodes = await nodesOf(ground);
  await Promise.all(nodes.map((node) => onNode(ground, node, script, args)));
  await until('the nodes are not Ready', 120_000, () => silentNodes(ground, nodes, since));
}

/** Nodes that have not said since then that they are Ready. What they said before says nothing about the kubelet they run now. */
async function silentNodes(ground: Ground, names: readonly string[], since: Date): Promise<readonly string[]> {
  // The API keeps whole seconds.
  const from = Math.floor(since.getTime() / 1000) * 1000;
  const { items } = JSON.parse(await ask(ground, 'get', 'nodes', '-o', 'json')) as Nodes;
  return names.filter((name) => {
    const node = items.find(({ metadata }) => metadata.name === name);
    const ready = node?.status.conditions.find(({ type }) => type === 'Ready');
    return ready?.status !== 'True' || Date.parse(ready.lastHeartbeatTime) < from;
  });
}

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly conditions: readonly {
        readonly type: string;
        readonly status: string;
        readonly lastHeartbeatTime: string;
      }[];
    };
  }[];
}
