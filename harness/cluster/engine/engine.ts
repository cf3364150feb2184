import type { Outcome, RunOptions } from '../run.ts';

/** What the cluster needs from a container engine. Docker is the one there is; kind also speaks to Podman and nerdctl. */
export interface Engine {
  readonly name: 'docker';
  /** Any verb of the engine's command line; throws a RunError unless it succeeds. */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
  /** The same for a verb whose failure is an answer. */
  attempt(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs a command inside a running container. */
  exec(container: string, argv: readonly string[], options?: RunOptions): Promise<string>;
  hasImage(tag: string): Promise<boolean>;
  /** Builds the Dockerfile in `folder`; its steps may reach the network as this machine does. */
  build(folder: string, tag: string, buildArgs: Readonly<Record<string, string>>, options?: RunOptions): Promise<void>;
  /** Where images and containers are kept, for the question of free space. */
  storageFolder(): Promise<string>;
}
