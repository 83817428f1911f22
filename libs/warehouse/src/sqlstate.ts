import type { Verdict } from '@app/servers/verdict';

/** SQLSTATE classes: appendix A of the PostgreSQL manual. */
export function verdictOf(error: unknown): Verdict {
  const state = (error as { code?: unknown } | null)?.code;
  if (typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state)) {
    if (state === '40P01' || state === '40001') {
      return 'repeat';
    }
    if (state === '23503') {
      return 'forget';
    }
    return /^(22...|23...|54000)$/.test(state) ? 'condemn' : 'wait';
  }
  const isDefect =
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isDefect || error instanceof SyntaxError ? 'defect' : 'wait';
}

/**
 * Whether the connections there are must not be used any more. Another server may be behind the same address: this one
 * takes no writes, stops or starts, or the connection is broken. Or a statement was prepared before a migration changed
 * what it returns (0A000).
 */
export function leavesServer(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(0A000|25006|57P0[1-5]|08...)$/.test(code);
}

/** There is no such schema. */
export const NO_SCHEMA = '3F000';

/** Whether what was there is gone: a table, or a schema. */
export function isGone(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === '42P01' || code === NO_SCHEMA;
}

/** A statement reached its time limit, or an operator ended it. */
export const QUERY_CANCELED = '57014';

/**
 * What was read is no longer true, found out by a statement rather than by PostgreSQL: the batch is repeated at once.
 */
export class SerializationFailure extends Error {
  readonly code = '40001';
}

/** The database is another than the one of the transactions before. Nothing that is remembered of that one holds. */
export class OtherDatabase extends SerializationFailure {
  constructor() {
    super('the database of DATABASE_URL is another one than before, or its server was started again');
  }
}
