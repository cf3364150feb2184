import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { cachePath } from '../cache.ts';
import { debianMirror, installPackages } from '../engine/install.ts';
import type { Step } from '../progress.ts';
import { attempt, run, runPiped } from '../run.ts';
import { versions } from '../versions.ts';
import { keyOf } from './key.ts';
import type { Made, Workshop } from './workshop.ts';

const excluded = ['doc', 'man', 'locale', 'info'].map((name) => `/usr/share/${name}`);

/** A slim Debian, made by debootstrap: the ground of all images that need more than one program. */
export function baseImage(shop: Workshop): Promise<Made> {
  const key = keyOf({
    name: 'base',
    values: { suite: versions.debian, excluded: excluded.join(' ') },
    parentKeys: [],
    files: [],
  });
  return shop.imageBy('base', 'every image with a shell stands on it', key, async (tag, step) => {
    await requireDebootstrap(step);
    const root = await mkdtemp(join(await cachePath('contexts'), 'base-'));
    try {
      const mirror = await debianMirror();
      await run(
        'debootstrap',
        ['--variant=minbase', versions.debian, root, ...(mirror === undefined ? [] : [mirror])],
        {
          signal: shop.signal,
          onLine: (line) => step.update(line.slice(0, 80)),
        },
      );
      await slimDown(root);
      const settings = ['-c', 'CMD ["bash"]', '-c', 'ENV DEBIAN_FRONTEND=noninteractive'];
      await runPiped(['tar', '-C', root, '-c', '.'], [shop.engine.name, 'import', ...settings, '-', tag], {
        signal: shop.signal,
      });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
}

/** Documentation and package lists go, and what is installed later leaves them out as well. */
async function slimDown(root: string): Promise<void> {
  const folders = [...excluded, '/var/lib/apt/lists', '/var/cache/apt'].map((path) => join(root, path));
  await run('find', [...folders, '-mindepth', '1', '-delete']);
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/slim'), excluded.map((path) => `path-exclude ${path}/*\n`).join(''));
  await writeFile(
    join(root, 'etc/apt/apt.conf.d/90slim'),
    'APT::Install-Recommends "false";\nAcquire::Languages "none";\n',
  );
}

async function requireDebootstrap(step: Step): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new UsageError('no container registry answers, and building the base image here takes root (debootstrap)', {
      remedy: 'Run this as root once, or give this machine access to a container registry.',
    });
  if ((await attempt('debootstrap', ['--version'])).code === 0) return;
  if (process.env['STEADFAST_NO_INSTALL'] === '1')
    throw new UsageError('debootstrap is not installed, and STEADFAST_NO_INSTALL forbids changing this machine', {
      remedy: 'Install debootstrap, or unset STEADFAST_NO_INSTALL.',
    });
  await installPackages(['debootstrap'], step);
}
