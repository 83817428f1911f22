import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { reasonOf } from './reason-of';

function databaseError(message: string, fields: Partial<pg.DatabaseError>): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, 0, 'error'), { severity: 'ERROR', ...fields });
}

describe('reasonOf', () => {
  it.each([
    ['22P02', 'invalid input syntax for type bigint: "Anna"'],
    ['23514', 'new row for relation "users" violates check constraint "users_check"'],
    ['54000', 'index row size 2712 exceeds maximum for "Anna"'],
    ['P0001', 'Anna is not welcome'],
    ['XX000', 'cannot read Anna'],
  ])('gives the state and the table of what PostgreSQL refuses with %s, not its words', (code, message) => {
    const error = databaseError(message, {
      code,
      table: 'users',
      constraint: 'users_check',
      detail: 'Failing row contains (Anna).',
    });
    expect(reasonOf(error)).toBe(`SQLSTATE ${code} users users_check`);
  });

  it.each([
    ['57P01', 'terminating connection due to administrator command'],
    ['42P01', 'relation "cdm.users" does not exist'],
    ['28P01', 'password authentication failed for user "cdm"'],
    ['40P01', 'deadlock detected'],
  ])('gives the words of PostgreSQL with %s, which name no values', (code, message) => {
    expect(reasonOf(databaseError(message, { code }))).toBe(message);
  });

  it('gives what a server that is away answers, and its code where there are no words', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(reasonOf(new Error('connect ECONNREFUSED 127.0.0.1:5432'))).toBe(
      'connect ECONNREFUSED 127.0.0.1:5432',
    );
    expect(reasonOf(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe('write EPIPE');
    expect(reasonOf(refused)).toBe('ECONNREFUSED');
  });

  it.each(['{"name":"Anna"', 'Anna'])('does not quote the text that could not be parsed: %s', (text) => {
    const error = failureOf(() => JSON.parse(text));
    expect(String(error)).toMatch(/Anna|token 'A'|position/);
    expect(reasonOf(error)).toBe('SyntaxError');
  });
});

function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}
