import { readFile, writeFile } from 'node:fs/promises';
import type { Progress } from '../progress.ts';

/** Five nodes fit into the usual 128 instances, but barely; beyond it kube-proxy dies with "too many open files". */
const wanted = { max_user_instances: 1024, max_user_watches: 524_288 } as const;

/** Raises the inotify limits of this machine as root; otherwise says that they are low, and goes on. */
export async function raiseInotifyLimits(progress: Progress): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const [name, least] of Object.entries(wanted)) {
    const path = `/proc/sys/fs/inotify/${name}`;
    const found = Number(await readFile(path, 'utf8'));
    if (found >= least) continue;
    const step = progress.step(`Raise fs.inotify.${name} to ${least}`, `${found} is too few watches for several nodes`);
    try {
      await writeFile(path, String(least));
      step.done();
    } catch {
      step.skipped(`only root may: sysctl -w fs.inotify.${name}=${least}`);
    }
  }
}
