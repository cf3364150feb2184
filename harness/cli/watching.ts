import { RunError } from '../errors.ts';
import type { Kube } from '../kube/connect.ts';
import type { KindName, KubeObject, Place } from '../kube/kinds.ts';

export interface WatchEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/**
 * What the API server reports from a resourceVersion on, until its connection ends. For waiting only: what matters for a verdict is recorded by
 * `harness/kube/recorder.ts`, which misses nothing.
 */
export async function* watchEvents(
  kube: Kube,
  target: Place<KindName>,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void> {
  const { code, body } = await kube.stream({ target, query: { ...query, watch: '1', timeoutSeconds: '60' }, signal });
  if (code !== 200) {
    body.destroy();
    throw new RunError(`a watch of ${target.resource} was answered with ${code}`);
  }
  let rest = '';
  body.setEncoding('utf8');
  for await (const chunk of body) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
}
