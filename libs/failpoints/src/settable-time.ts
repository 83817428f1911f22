import { existsSync, readFileSync } from 'node:fs';

/**
 * The present, ahead by as many milliseconds as the file says that the environment variable CLOCK_FILE names. To be
 * called behind `FAILPOINTS &&`, as `failpoint`.
 */
export function settableTime(): Date {
  const { CLOCK_FILE } = process.env;
  const ahead = CLOCK_FILE && existsSync(CLOCK_FILE) ? Number(readFileSync(CLOCK_FILE, 'utf8')) : 0;
  return new Date(new Date().getTime() + ahead);
}
