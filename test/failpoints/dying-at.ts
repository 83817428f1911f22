import type { Failpoint } from '@app/failpoints/failpoint';

/**
 * Environment of a service of `dist-failpoints` that dies at a failpoint.
 * @param pass at which time it gets there
 */
export function dyingAt(failpoint: Failpoint, pass = 1): Record<string, string> {
  return { FAILPOINT: failpoint, FAILPOINT_PASS: String(pass) };
}
