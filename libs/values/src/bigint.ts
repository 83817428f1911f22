/** The greatest value of PostgreSQL's `bigint`. */
export const MAX_INT64 = 9_223_372_036_854_775_807n;

/** Whether it is the text of a whole number that is not negative and fits into PostgreSQL's `bigint`. */
export function isBigint(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) <= MAX_INT64;
}
