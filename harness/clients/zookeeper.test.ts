import { Exception } from 'node-zookeeper-client';
import { describe, expect, it } from 'vitest';
import { classify } from './zookeeper.ts';

function failure(name: string): Exception {
  const code = (Exception as unknown as Readonly<Record<string, number>>)[name] ?? 0;
  return new Exception(code, name, Exception);
}

describe('what an error of the library means', () => {
  it.each(['NO_NODE', 'NODE_EXISTS', 'NOT_EMPTY', 'BAD_VERSION', 'NO_AUTH'])('%s is a refusal', (name) => {
    expect(classify(failure(name))).toMatchObject({ status: 'failed', code: name });
  });

  it.each(['CONNECTION_LOSS', 'SESSION_EXPIRED', 'OPERATION_TIMEOUT', 'SYSTEM_ERROR'])(
    '%s leaves open whether it was done',
    (name) => {
      expect(classify(failure(name))).toMatchObject({ status: 'indeterminate', code: name });
    },
  );

  it('leaves everything open that it does not know', () => {
    expect(classify(new Error('the socket hung up'))).toEqual({
      status: 'indeterminate',
      because: 'the socket hung up',
    });
  });
});
