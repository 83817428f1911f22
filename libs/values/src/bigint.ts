/** The greatest value of PostgreSQL's `bigint`. */
const GREATEST = 2n ** 63n - 1n;

/** Whether it is the text of a whole number that is not negative and fits into PostgreSQL's `bigint`. */
export function isBigint(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) <= GREATEST;
}
