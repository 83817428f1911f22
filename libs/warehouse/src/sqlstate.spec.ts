import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '@app/servers/verdict';
import { leavesServer, SerializationFailure, verdictOf } from './sqlstate';

const databaseError = (code: string) => Object.assign(new pg.DatabaseError('', 0, 'error'), { code });
const systemError = (code: string) => Object.assign(new Error(code), { code });

const verdicts: [error: unknown, verdict: Verdict, what: string][] = [
  [databaseError('40P01'), 'repeat', 'a deadlock'],
  [databaseError('40001'), 'repeat', 'a serialization failure'],
  [new SerializationFailure('an order was written meanwhile'), 'repeat', 'our own serialization failure'],
  [databaseError('23503'), 'forget', 'a missing foreign key'],
  [databaseError('22001'), 'condemn', 'a text that is too long'],
  [databaseError('22P02'), 'condemn', 'a text that is no number'],
  [databaseError('22P05'), 'condemn', 'a character that cannot be stored'],
  [databaseError('23502'), 'condemn', 'a null'],
  [databaseError('23505'), 'condemn', 'a key that is there already'],
  [databaseError('23514'), 'condemn', 'a failed check'],
  [databaseError('54000'), 'condemn', 'an index row that is too large'],
  [databaseError('54001'), 'wait', 'too complex a statement'],
  [databaseError('54011'), 'wait', 'too many columns'],
  [databaseError('42P01'), 'wait', 'a missing table'],
  [databaseError('42501'), 'wait', 'a revoked grant'],
  [databaseError('42601'), 'wait', 'a syntax error in a statement'],
  [databaseError('40002'), 'wait', 'another rollback'],
  [databaseError('25P02'), 'wait', 'an aborted transaction'],
  [databaseError('53100'), 'wait', 'a full disk'],
  [databaseError('53300'), 'wait', 'too many connections'],
  [databaseError('57014'), 'wait', 'a statement that was cancelled'],
  [databaseError('57P01'), 'wait', 'a server that shuts down'],
  [databaseError('08006'), 'wait', 'a broken connection'],
  [databaseError('28P01'), 'wait', 'a wrong password'],
  [databaseError('3D000'), 'wait', 'a missing database'],
  [databaseError('XX000'), 'wait', 'an internal error'],
  [systemError('ECONNREFUSED'), 'wait', 'a refused connection'],
  [systemError('EPIPE'), 'wait', 'a broken pipe, which looks like a SQLSTATE'],
  [systemError('22'), 'wait', 'a code that is no SQLSTATE'],
  [new AggregateError([systemError('ECONNREFUSED')]), 'wait', 'several refused connections'],
  [new Error('Connection terminated unexpectedly'), 'wait', 'any other error'],
  [new TypeError('x is not a function'), 'defect', 'a TypeError'],
  [
    Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
    'defect',
    'a TypeError of Node',
  ],
  [new RangeError('Invalid array length'), 'defect', 'a RangeError'],
  [new ReferenceError('x is not defined'), 'defect', 'a ReferenceError'],
  [new SyntaxError('Unexpected token'), 'defect', 'a SyntaxError'],
  [undefined, 'wait', 'undefined'],
  [null, 'wait', 'null'],
  ['23505', 'wait', 'a text'],
  [{ code: 23505 }, 'wait', 'a code that is a number'],
];

describe('verdictOf', () => {
  it.each(verdicts.map(([error, verdict, what]) => ({ error, verdict, what })))(
    'says $verdict of $what',
    ({ error, verdict }) => {
      expect(verdictOf(error)).toBe(verdict);
    },
  );
});

describe('leavesServer', () => {
  it.each([
    ['0A000', true, 'a prepared statement that returns other columns than before'],
    ['25006', true, 'a server that takes no writes'],
    ['57P01', true, 'a server that shuts down'],
    ['08006', true, 'a broken connection'],
    ['57014', false, 'a statement that was cancelled'],
    ['23505', false, 'a key that is there already'],
  ])('says of %s: %s, %s', (code, leaves) => {
    expect(leavesServer(databaseError(code))).toBe(leaves);
  });

  it('takes what is no SQLSTATE for none', () => {
    expect([undefined, null, 'text', new Error('ours')].map(leavesServer)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
