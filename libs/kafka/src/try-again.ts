import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds between tries. */
const PAUSES = [100, 200, 400, 800, 1_000];

/**
 * Asks again what a broker refuses for a moment, as while partitions change their leaders.
 * @param isMomentary whether another try may help
 * @param refresh asks for the leaders before each other try; where that fails, what is wrong shows at the try
 * @throws the last failure
 */
export async function tryAgain<Answer>(
  ask: () => Promise<Answer>,
  isMomentary: (failure: unknown) => boolean,
  refresh: () => Promise<void>,
): Promise<Answer> {
  for (const wait of PAUSES) {
    try {
      return await ask();
    } catch (failure) {
      if (!isMomentary(failure)) {
        throw failure;
      }
    }
    await pause(wait);
    await refresh().catch(() => undefined);
  }
  return ask();
}
