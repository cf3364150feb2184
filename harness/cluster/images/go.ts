import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { attempt, run } from '../run.ts';
import { filesBelow } from './key.ts';
import type { Made, Workshop } from './workshop.ts';

/** `-v` names each package as it is compiled: minutes without a word look like a fault. */
const buildFlags = ['-trimpath', '-v', '-p', '2'];

/** What `go build` is told: the same for a component and for a mutant of it, so that both share what was compiled before. */
export interface Compilation {
  /** The folder below `images/` whose go.mod pins everything. */
  readonly folder: string;
  readonly packages: readonly string[];
  /** What the linker sets: variable → value. */
  readonly variables: Readonly<Record<string, string>>;
  /** A file, or a folder with a slash at its end. */
  readonly output: string;
  /** Beside the usual ones. */
  readonly flags?: readonly string[];
}

export async function compile(
  { folder, packages, variables, output, flags = [] }: Compilation,
  options: { readonly signal?: AbortSignal | undefined; readonly onLine?: (line: string) => void },
): Promise<void> {
  const ldflags = linkerFlags(variables);
  await goProgram('nice', ['go', 'build', ...buildFlags, ...flags, '-ldflags', ldflags, '-o', output, ...packages], {
    cwd: moduleFolder(folder),
    ...options,
  });
}

/** The folder of a module that pins programs. */
export function moduleFolder(folder: string): string {
  return join(import.meta.dirname, folder);
}

export function linkerFlags(variables: Readonly<Record<string, string>>): string {
  return ['-s', '-w', ...Object.entries(variables).map(([path, value]) => `-X ${path}=${value}`)].join(' ');
}

/** Programs of Go modules that are pinned by the go.mod in `images/<name>`; they lie in the artefact's folder by name. */
export async function buildFromModule(
  shop: Workshop,
  name: string,
  packages: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Made> {
  return shop.artefact({
    name,
    why: 'no registry has its image; its source comes as Go modules',
    values: { packages: packages.join(' '), ldflags: linkerFlags(variables) },
    files: await filesBelow(moduleFolder(name)),
    lane: 'compile',
    make: (folder, step) =>
      compile(
        { folder: name, packages, variables, output: `${folder}/` },
        { signal: shop.signal, onLine: (line) => step.update(line.slice(0, 80)) },
      ),
  });
}

/** One program as its own module pins it. */
export function installProgram(shop: Workshop, name: string, packagePath: string, version: string): Promise<Made> {
  return shop.artefact({
    name,
    why: 'it is not on this machine; its source comes as a Go module',
    values: { package: `${packagePath}@${version}` },
    lane: 'compile',
    make: async (folder, step) => {
      await goProgram('nice', ['go', 'install', ...buildFlags, '-ldflags', '-s -w', `${packagePath}@${version}`], {
        env: { GOBIN: folder },
        signal: shop.signal,
        onLine: (line) => step.update(line.slice(0, 80)),
      });
    },
  });
}

/** Files of a module as they were published. */
export function moduleFiles(
  shop: Workshop,
  name: string,
  module: string,
  version: string,
  path: string,
): Promise<Made> {
  return shop.artefact({
    name,
    why: `it is part of ${module} ${version}`,
    values: { module, version, path },
    lane: 'packages',
    make: async (folder) => {
      const downloaded = JSON.parse(
        await goProgram('go', ['mod', 'download', '-json', `${module}@${version}`], {}),
      ) as { Dir: string };
      await mkdir(folder, { recursive: true });
      await cp(join(downloaded.Dir, path), folder, { recursive: true });
      await run('chmod', ['-R', 'u+w', folder]);
    },
  });
}

export async function requireGo(): Promise<void> {
  if ((await attempt('go', ['version'])).code === 0) return;
  throw new UsageError('no container registry answers, and building the images here needs Go, which is not installed', {
    remedy: 'Install Go 1.26 or newer, or give this machine access to a container registry.',
  });
}

/** Go as everything here is built with it: without a C compiler. */
export function goProgram(command: string, args: readonly string[], options: Parameters<typeof run>[2]): Promise<string> {
  return run(command, args, { ...options, env: { ...options?.env, CGO_ENABLED: '0' } });
}
