import type { Pipeline } from '../../harness/pipeline';

/** Waits until nothing is left to read and nothing waits, and prints how long that took: the time to recover. */
export async function untilSettled(pipeline: Pipeline, milliseconds: number): Promise<void> {
  const begin = Date.now();
  await pipeline.settled(milliseconds);
  console.log(`settled after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}
