import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until nothing is outstanding.
 * @param outstanding what is, in words; undefined when nothing is
 * @throws saying what is outstanding after that time
 */
export async function eventually(
  outstanding: () => Promise<string | undefined>,
  milliseconds: number,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const left = await outstanding();
    if (left === undefined) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`after ${milliseconds / 1000} s still: ${left}`);
    }
    await pause(200);
  }
}
