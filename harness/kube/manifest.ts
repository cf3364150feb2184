import type { Manifest } from '../history/objects.ts';
import type { CallOptions, Kube } from './client.ts';
import { type KubeObject, placeOf } from './kinds.ts';

/** Applies one object, whatever its kind, in the given namespace if its kind has namespaces. Resolves with what the server made of it. */
export async function applyManifest(
  kube: Kube,
  manifest: Manifest,
  namespace?: string,
  options?: CallOptions,
): Promise<KubeObject> {
  const place = placeOf(manifest, namespace);
  const metadata =
    place.namespace === undefined ? manifest.metadata : { ...manifest.metadata, namespace: place.namespace };
  return (await kube.apply(place, { ...manifest, metadata }, options)) as KubeObject;
}
