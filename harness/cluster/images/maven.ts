import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError, UsageError } from '../../errors.ts';
import { installPackages } from '../engine/install.ts';
import type { Step } from '../progress.ts';
import { attempt, run } from '../run.ts';
import type { Made, Workshop } from './workshop.ts';

/** One file that was published as a Maven artefact, of exactly this content. */
export interface MavenFile {
  readonly group: string;
  readonly artefact: string;
  readonly version: string;
  /** `jar`, `tar.gz` … */
  readonly type: string;
  readonly classifier?: string;
  readonly sha256: string;
}

/** Fetches the file through Maven with this machine's own settings. It lies in the artefact's folder under the name that Maven gives it: `fileName`. */
export function mavenFile(shop: Workshop, file: MavenFile): Promise<Made> {
  return shop.artefact({
    name: `maven-${file.artefact}`,
    why: `${file.group} publishes it as a Maven artefact`,
    values: { coordinates: coordinatesOf(file), sha256: file.sha256 },
    lane: 'packages',
    make: async (folder, step) => {
      await requireMaven(step);
      const asked = [`-Dartifact=${coordinatesOf(file)}`, `-DoutputDirectory=${folder}`, '-Dmdep.useBaseVersion=true'];
      await run('mvn', ['-B', 'dependency:copy', ...asked], {
        cwd: folder, // Where no project of somebody else's can be taken for ours.
        signal: shop.signal,
        onLine: (line) => step.update(line.slice(0, 80)),
      });
      await requireContent(join(folder, fileName(file)), file);
    },
  });
}

export function fileName({ artefact, version, type, classifier }: MavenFile): string {
  return `${artefact}-${version}${classifier === undefined ? '' : `-${classifier}`}.${type}`;
}

function coordinatesOf({ group, artefact, version, type, classifier }: MavenFile): string {
  return [group, artefact, version, type, ...(classifier === undefined ? [] : [classifier])].join(':');
}

async function requireContent(path: string, file: MavenFile): Promise<void> {
  const found = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (found === file.sha256) return;
  throw new RunError(`${coordinatesOf(file)} is not the file it is known as: SHA-256 ${found}, expected ${file.sha256}`);
}

async function requireMaven(step: Step): Promise<void> {
  if ((await attempt('mvn', ['-version'])).code === 0) return;
  if (process.getuid?.() !== 0 || process.env['STEADFAST_NO_INSTALL'] === '1')
    throw new UsageError('no container registry answers, and building the images here needs Maven, which is not installed', {
      remedy: 'Install maven, or give this machine access to a container registry.',
    });
  await installPackages(['maven'], step);
}
