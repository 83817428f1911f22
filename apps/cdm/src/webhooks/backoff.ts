const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** What is tried for so long is given up. */
export const GIVE_UP_HOURS = 24;

/**
 * How long an event waits after so many attempts, in milliseconds: from 5 seconds, doubled up to an hour. Less by up to
 * a half, by chance, so that what failed together does not come together.
 */
export function retryDelay(attempts: number, chance = Math.random()): number {
  return jittered(Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS), chance);
}

/**
 * How long nothing at all is posted after so many failures in a row, in milliseconds: from a second, doubled up to a
 * minute.
 */
export function pause(failures: number, chance = Math.random()): number {
  return jittered(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), chance);
}

function jittered(milliseconds: number, chance: number): number {
  return Math.round(milliseconds * (1 - chance / 2));
}
