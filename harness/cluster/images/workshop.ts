import { cp, link, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isThere } from '../../files.ts';
import { cachePath, requireFreeSpace } from '../cache.ts';
import type { Engine } from '../engine/engine.ts';
import { inStep, type Progress, type Step } from '../progress.ts';
import { filesBelow, keyOf, type KeyFile } from './key.ts';
import { lane, type Lane } from './lanes.ts';

/** A thing that was made and its key: an image (`at` is its tag) or an artefact (`at` is its folder). */
export interface Made {
  readonly at: string;
  readonly key: string;
}

export interface ArtefactOrder {
  readonly name: string;
  readonly why: string;
  readonly values: Readonly<Record<string, string>>;
  readonly files?: readonly KeyFile[];
  readonly lane: 'compile' | 'packages';
  readonly make: (folder: string, step: Step) => Promise<void>;
}

export interface ImageOrder {
  readonly name: string;
  readonly why: string;
  /** The folder below `images/` that holds the Dockerfile. */
  readonly folder: string;
  /** Given to the Dockerfile as PARENT. */
  readonly parent?: Made;
  readonly args?: Readonly<Record<string, string>>;
  /** Put into the build's folder beside the Dockerfile: destination → a file or folder made before. */
  readonly extras?: Readonly<Record<string, string>>;
  /** What the extras were made of. */
  readonly extraKeys?: readonly string[];
}

/** Where images are made: each thing once, under a key of its inputs, and not again while that key is there. */
export interface Workshop {
  readonly engine: Engine;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly lanes: { readonly compile: Lane; readonly packages: Lane };
  artefact(order: ArtefactOrder): Promise<Made>;
  image(order: ImageOrder): Promise<Made>;
  /** An image made by other means than a Dockerfile; `make` leaves it under the given tag. */
  imageBy(name: string, why: string, key: string, make: (tag: string, step: Step) => Promise<void>): Promise<Made>;
}

export function workshop(engine: Engine, progress: Progress, signal: AbortSignal | undefined): Workshop {
  const lanes = { compile: lane(), packages: lane() };
  let space: Promise<void> | undefined;

  /** Asked for once, before the first thing is made: with everything there, a full disk is nobody's concern. */
  function enoughSpace(): Promise<void> {
    space ??= Promise.all([cachePath(), engine.storageFolder()]).then(requireFreeSpace);
    return space;
  }

  async function building<T>(what: string, why: string, work: (step: Step) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    await enoughSpace();
    return inStep(progress, what, why, work);
  }

  async function artefact(order: ArtefactOrder): Promise<Made> {
    const key = keyOf({ name: order.name, values: order.values, parentKeys: [], files: order.files ?? [] });
    const at = join(await cachePath('artefacts'), `${order.name}-${key}`);
    if (await isThere(at)) return { at, key };
    return lanes[order.lane].run(() =>
      building(`Build ${order.name}`, order.why, async (step) => {
        const partial = await mkdtemp(`${at}.partial-`);
        try {
          await order.make(partial, step);
          await rename(partial, at);
        } catch (error) {
          await rm(partial, { recursive: true, force: true });
          throw error;
        }
        return { at, key };
      }),
    );
  }

  async function imageBy(
    name: string,
    why: string,
    key: string,
    make: (tag: string, step: Step) => Promise<void>,
  ): Promise<Made> {
    const at = `steadfast/${name}:${key}`;
    if (await engine.hasImage(at)) return { at, key };
    return lanes.packages.run(() =>
      building(`Build image ${name}`, why, async (step) => {
        await make(at, step);
        return { at, key };
      }),
    );
  }

  async function image(order: ImageOrder): Promise<Made> {
    const folder = join(import.meta.dirname, order.folder);
    const key = keyOf({
      name: order.name,
      values: order.args ?? {},
      parentKeys: [...(order.parent === undefined ? [] : [order.parent.key]), ...(order.extraKeys ?? [])],
      files: await filesBelow(folder),
    });
    return imageBy(order.name, order.why, key, async (tag, step) => {
      const context = await stage(folder, order.extras ?? {});
      try {
        const parent: Record<string, string> = order.parent === undefined ? {} : { PARENT: order.parent.at };
        await engine.build(context, tag, { ...parent, ...order.args }, { signal, onLine: showSteps(step) });
      } finally {
        await rm(context, { recursive: true });
      }
    });
  }

  return { engine, progress, signal, lanes, artefact, image, imageBy };
}

/** The build's own folder: the Dockerfile's neighbours, and links to what was made before. */
async function stage(folder: string, extras: Readonly<Record<string, string>>): Promise<string> {
  const context = await mkdtemp(join(await cachePath('contexts'), 'build-'));
  await cp(folder, context, { recursive: true });
  for (const [destination, source] of Object.entries(extras)) await linkTree(source, join(context, destination));
  return context;
}

async function linkTree(source: string, destination: string): Promise<void> {
  if ((await stat(source)).isDirectory()) {
    await mkdir(destination, { recursive: true });
    for (const name of await readdir(source)) await linkTree(join(source, name), join(destination, name));
    return;
  }
  await mkdir(dirname(destination), { recursive: true });
  try {
    await link(source, destination);
  } catch {
    await cp(source, destination); // Another disk than the cache's: a copy serves as well.
  }
}

function showSteps(step: Step): (line: string) => void {
  return (line) => {
    if (/^(Step |Get:|Setting up )/.test(line)) step.update(line.slice(0, 80));
  };
}
