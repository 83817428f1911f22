/**
 * Classes of SQLSTATE whose messages name servers, accounts, tables and columns. Those of other classes quote values:
 * of data that breaks a rule, or whatever a function of the database likes to.
 */
const namesOnly = /^(08|25|28|3D|3F|40|42|53|55|57|58)/;

interface Failure {
  message?: string;
  code?: string;
  /** Errors of PostgreSQL have it. */
  severity?: string;
  table?: string;
  constraint?: string;
}

/**
 * What is wrong, in words that may stand in logs and answers: without values of messages and rows, and without secrets.
 */
export function reasonOf(error: unknown): string {
  const { message, code = '', severity, table, constraint } = error as Failure;
  if (severity !== undefined && !namesOnly.test(code)) {
    return ['SQLSTATE', code, table, constraint].filter(Boolean).join(' ');
  }
  // JSON.parse and BigInt quote what they cannot read.
  return error instanceof SyntaxError ? 'SyntaxError' : message || code || 'unknown';
}
