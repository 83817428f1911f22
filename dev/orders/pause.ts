import { setTimeout } from 'node:timers/promises';

/** Waits for some milliseconds, or until the signal aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  // The only error is that of the abort.
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
