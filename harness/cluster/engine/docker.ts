import { attempt, run, type RunOptions } from '../run.ts';
import type { Engine } from './engine.ts';

/** Docker, through its command line. */
export function dockerEngine(): Engine {
  const docker = (args: readonly string[], options?: RunOptions) => run('docker', args, options);
  return {
    name: 'docker',
    run: docker,
    attempt: (args, options) => attempt('docker', args, options),
    exec: (container, argv, options = {}) =>
      docker(['exec', ...(options.input === undefined ? [] : ['-i']), container, ...argv], options),
    hasImage: async (tag) => (await attempt('docker', ['image', 'inspect', '--format', 'ok', tag])).code === 0,
    build: async (folder, tag, buildArgs, options = {}) => {
      const given = Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
      // The classic builder: Debian's packages bring no buildx, and nothing here needs it.
      const env = { ...options.env, DOCKER_BUILDKIT: '0' };
      await docker(['build', '--network', 'host', '--force-rm', '-t', tag, ...given, folder], { ...options, env });
    },
    storageFolder: async () => (await docker(['info', '--format', '{{.DockerRootDir}}'])).trim(),
  };
}
