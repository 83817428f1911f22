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

/** A statement reached its time limit, or an operator ended it. */
export const QUERY_CANCELED = '57014';

/** What was read is no longer true, found out by a statement rather than by PostgreSQL: the batch is repeated at once. */
export class SerializationFailure extends Error {
  readonly code = '40001';
}
