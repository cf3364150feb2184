import { KubeConfig } from '@kubernetes/client-node';
import { closest } from 'fastest-levenshtein';
import { messageOf, UsageError } from '../errors.ts';
import { type Kube, kubeOver } from './client.ts';
import { Transport } from './transport.ts';

export type { Kube } from './client.ts';
export { applyManifest } from './manifest.ts';

export interface ConnectOptions {
  /** If left out: `KUBECONFIG`, `~/.kube/config`, or the service account of the Pod this runs in. */
  readonly kubeconfigPath?: string | undefined;
  /** The kubeconfig's current context if left out. */
  readonly context?: string | undefined;
}

/**
 * Makes a client of what the kubeconfig says; no connection is opened before the first request. Throws `UsageError` for a kubeconfig that
 * cannot be read and for a context that is not in it.
 */
export function connect(options: ConnectOptions = {}): Kube {
  const config = load(options.kubeconfigPath);
  const context = options.context ?? config.getCurrentContext();
  if (config.getContextObject(context) === null) throw unknownContext(context, config);
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new UsageError(`context “${context}” names a cluster that the kubeconfig does not describe`, {
      remedy: 'Name another context, or mend the kubeconfig.',
    });
  // Without TLS there is no certificate to verify, but the library refuses plain HTTP unless it is told not to.
  if (cluster.server.startsWith('http:')) allowPlainHttp(config, cluster.name);
  return kubeOver(new Transport(config, cluster.server), config);
}

function load(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    throw new UsageError(`the kubeconfig ${path ?? ''} cannot be read: ${messageOf(cause)}`.replace('  ', ' '), {
      cause,
      remedy: 'Name a kubeconfig that is there, with --kubeconfig or the variable KUBECONFIG.',
    });
  }
  // This is what the library makes up where it finds nothing.
  const madeUp = path === undefined && config.getCurrentContext() === 'loaded-context';
  if (madeUp && config.getCurrentCluster()?.server === 'http://localhost:8080')
    throw new UsageError('no kubeconfig was found', {
      remedy: 'Name one with --kubeconfig or the variable KUBECONFIG.',
    });
  return config;
}

function unknownContext(asked: string, config: KubeConfig): UsageError {
  const names = config.getContexts().map((context) => context.name);
  if (names.length === 0) return new UsageError(`unknown context “${asked}”: the kubeconfig has none`);
  if (asked === '' || asked === undefined)
    return new UsageError('the kubeconfig has no current context', {
      remedy: `Name one with --context: ${names.join(', ')}.`,
    });
  return new UsageError(`unknown context “${asked}”`, {
    remedy: `Did you mean “${closest(asked, names)}”? The kubeconfig has: ${names.join(', ')}.`,
  });
}

function allowPlainHttp(config: KubeConfig, name: string): void {
  config.clusters = config.clusters.map((each) => (each.name === name ? { ...each, skipTLSVerify: true } : each));
}
