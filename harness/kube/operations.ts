import { messageOf } from '../errors.ts';
import type { Operation } from '../history/entries.ts';
import type { Recording } from '../history/recording.ts';
import { classify } from './errors.ts';

export type Asked = Pick<Operation, 'verb' | 'target' | 'detail'>;

/** Does something to the cluster and records that it was asked and how it ended. What `act` throws is thrown again. */
export async function recorded<Result>(
  recording: Recording,
  asked: Asked,
  act: () => Promise<Result>,
): Promise<Result> {
  const call = recording.nextCall();
  recording.append({ kind: 'operation', call, phase: 'invoked', ...asked });
  try {
    const result = await act();
    recording.append({ kind: 'operation', call, phase: 'succeeded', ...asked });
    return result;
  } catch (error) {
    const phase = classify(error) === 'indeterminate' ? 'indeterminate' : 'failed';
    recording.append({ kind: 'operation', call, phase, ...asked, because: messageOf(error) });
    throw error;
  }
}
