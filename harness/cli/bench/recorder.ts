import { LineSplitter } from '../../kube/lines.ts';
import { parseWatchLine } from '../../kube/message.ts';
import { Recording } from '../../history/recording.ts';
import type { History } from '../../history/history.ts';
import type { NewEntry } from '../../history/entries.ts';

/** What recording costs, per 10,000 events. */
export interface RecorderCost {
  readonly cpuMs: number;
  readonly heapMebibytes: number;
  /** The events were real ones of this many bytes on average. */
  readonly bytesPerEvent: number;
}

const events = 10_000;
const types = { present: 'ADDED', added: 'ADDED', modified: 'MODIFIED', deleted: 'DELETED' } as const;

/**
 * Puts 10,000 watch events, as a run has recorded them, once more through the recorder's own steps: cutting the bytes into lines, parsing, appending.
 * The network is left out. `undefined` if the histories hold no change.
 */
export function measureRecorder(histories: readonly History[]): RecorderCost | undefined {
  const lines = histories
    .flatMap((history) => history.entries)
    .flatMap((entry) =>
      entry.kind === 'change'
        ? [Buffer.from(`${JSON.stringify({ type: types[entry.type], object: entry.object })}\n`)]
        : [],
    );
  if (lines.length === 0) return undefined;
  const recording = new Recording();
  const splitter = new LineSplitter((line) => {
    const message = parseWatchLine(line);
    if (message.kind === 'change')
      recording.append({ kind: 'change', resource: 'pods', type: message.type, object: message.object } as NewEntry);
  });
  const heapBefore = settledHeap();
  const cpuBefore = process.cpuUsage();
  let bytes = 0;
  for (let fed = 0; fed < events; fed += 1) {
    const line = lines[fed % lines.length] ?? Buffer.alloc(0);
    bytes += line.length;
    splitter.push(line);
  }
  const cpu = process.cpuUsage(cpuBefore);
  const heap = settledHeap() - heapBefore;
  return {
    cpuMs: (cpu.user + cpu.system) / 1000,
    heapMebibytes: heap / 2 ** 20,
    bytesPerEvent: Math.round((bytes * recording.entries.length) / events / events),
  };
}

/** The heap after a collection, where Node was started with `--expose-gc`; as it is otherwise. */
function settledHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
