import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachePath } from '../cluster/cache.ts';
import { programOf } from '../cluster/components.ts';
import { compile, goProgram, linkerFlags, moduleFolder } from '../cluster/images/go.ts';
import { filesBelow, keyOf } from '../cluster/images/key.ts';
import type { Binary } from '../cluster/swap/ground.ts';
import { messageOf } from '../errors.ts';
import { isNotThere, isThere } from '../files.ts';
import { writableCopy, type Located } from './source.ts';

/** A mutant's program, or why there is none. */
export type Built =
  | { readonly status: 'built'; readonly binary: Binary; readonly ms: number; readonly cached: boolean }
  | { readonly status: 'failed'; readonly because: string; readonly ms: number };

/**
 * Compiles mutants, one at a time and each once: a machine of two cores has stories to tell meanwhile. What was compiled before from the same
 * content is taken from the cache.
 */
export class Builder {
  readonly #signal: AbortSignal;
  readonly #built = new Map<string, Promise<Built>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The program; asked for in time, it is there when its turn comes. Rejects only when it was interrupted. */
  build(located: Located): Promise<Built> {
    const known = this.#built.get(located.mutant.id);
    if (known !== undefined) return known;
    const built = this.#last.then(() => build(located, this.#signal));
    this.#built.set(located.mutant.id, built);
    this.#last = built.then(undefined, () => undefined);
    // Whoever asks for it later gets the rejection; until then it is nobody's.
    built.catch(() => undefined);
    return built;
  }
}

async function build(located: Located, signal: AbortSignal): Promise<Built> {
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  try {
    const { component } = located.mutant;
    const id = await idOf(located);
    const folder = join(await cachePath('mutants', 'programs'), id);
    const file = join(folder, component);
    const cached = await isThere(file);
    if (cached) await touch(folder);
    else await make(located, file, signal);
    return { status: 'built', binary: { component, id, file }, ms: ms(), cached };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 'failed', because: whyNot(messageOf(error), located.mutant.file), ms: ms() };
  }
}

/** The compiler's own complaints, where it has any, with the name that the mutant gives to the file. */
export function whyNot(message: string, file: string): string {
  const complaints = message.split('\n').flatMap((line) => {
    const [, path = '', complaint = ''] = /^\s*(\S+\.go)(:\d+.*)$/.exec(line) ?? [];
    if (path === '') return [];
    return [`${path.endsWith('mutated.go') || path.endsWith(file) ? file : path}${complaint}`];
  });
  return complaints.length === 0 ? message : `it does not compile: ${complaints.join('; ')}`;
}

/** Of everything that decides what the program does. */
async function idOf({ mutant, mutated }: Located): Promise<string> {
  const { folder, package: path, variables } = programOf(mutant.component);
  const { module, file, component } = mutant;
  return keyOf({
    name: 'mutant',
    values: {
      component,
      module: `${module.path}@${module.version}`,
      file,
      mutated,
      go: await goVersion(),
      package: path,
      ldflags: linkerFlags(variables),
    },
    parentKeys: [],
    files: await filesBelow(moduleFolder(folder)),
  });
}

let version: Promise<string> | undefined;

function goVersion(): Promise<string> {
  version ??= goProgram('go', ['env', 'GOVERSION'], {}).then((text) => text.trim());
  return version;
}

/** Go refuses to overlay files of its module cache, so the module comes from a copy, and of it one file from the overlay. */
async function make(located: Located, file: string, signal: AbortSignal): Promise<void> {
  const { mutant, mutated } = located;
  const { folder, package: path, variables } = programOf(mutant.component);
  const copy = await writableCopy(located);
  const work = await mkdtemp(join(tmpdir(), 'steadfast-mutant-'));
  try {
    for (const each of ['go.mod', 'go.sum']) await copyFile(join(moduleFolder(folder), each), join(work, each));
    await goProgram('go', ['mod', 'edit', `-replace=${mutant.module.path}=${copy}`, join(work, 'go.mod')], {});
    await writeFile(join(work, 'mutated.go'), mutated);
    const overlay = { Replace: { [join(copy, mutant.file)]: join(work, 'mutated.go') } };
    await writeFile(join(work, 'overlay.json'), JSON.stringify(overlay));
    const flags = [`-modfile=${join(work, 'go.mod')}`, `-overlay=${join(work, 'overlay.json')}`];
    const output = join(work, mutant.component);
    await compile({ folder, packages: [path], variables, output, flags }, { signal });
    await mkdir(join(file, '..'), { recursive: true });
    await copyFile(output, `${file}.partial`);
    await rename(`${file}.partial`, file);
    await prune(join(file, '..', '..'));
  } finally {
    await rm(work, { recursive: true });
  }
}

const gibibyte = 1024 ** 3;
/** A program takes eighty megabytes: about two hundred of them stay. */
const keptBytes = 16 * gibibyte;

/** Removes the programs that were used longest ago, so that the others leave room on the disk. */
async function prune(programs: string): Promise<void> {
  try {
    await removeOldest(programs);
  } catch (error) {
    // Another command removes some at the same time: that serves as well.
    if (!isNotThere(error)) throw error;
  }
}

async function removeOldest(programs: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(programs)).map(async (name) => {
      const folder = join(programs, name);
      const sizes = (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size);
      const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      return { folder, bytes, usedAtMs: (await stat(folder)).mtimeMs };
    }),
  );
  let bytes = 0;
  for (const each of found.toSorted((a, b) => b.usedAtMs - a.usedAtMs)) {
    bytes += each.bytes;
    if (bytes > keptBytes) await rm(each.folder, { recursive: true, force: true });
  }
}

async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}
