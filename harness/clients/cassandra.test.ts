import { errors, types } from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { classify } from './cassandra.ts';

const { responseErrorCodes: codes } = types;

describe('what an error of Cassandra means', () => {
  test('a refusal before anything was done is failed, by the name that the protocol has for it', () => {
    for (const name of ['unavailableException', 'invalid', 'syntaxError', 'isBootstrapping', 'alreadyExists'] as const)
      expect(classify(new errors.ResponseError(codes[name], 'no'))).toEqual({
        status: 'failed',
        code: name,
        because: 'no',
      });
  });
  test('a time-out or a failure on the way leaves it open', () => {
    for (const name of ['writeTimeout', 'writeFailure', 'readTimeout', 'overloaded', 'serverError'] as const)
      expect(classify(new errors.ResponseError(codes[name], 'late'))).toMatchObject({
        status: 'indeterminate',
        code: name,
      });
  });
  test('so does an error that no server gave, and one of a number that nobody knows', () => {
    expect(classify(new Error('the connection was cut'))).toEqual({
      status: 'indeterminate',
      because: 'the connection was cut',
    });
    expect(classify(new errors.ResponseError(0x7777, 'new'))).toMatchObject({
      status: 'indeterminate',
      code: '0x7777',
    });
    expect(classify(new errors.NoHostAvailableError({}))).toMatchObject({ status: 'indeterminate' });
  });
});
