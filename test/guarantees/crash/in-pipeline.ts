import { onTestFinished } from 'vitest';
import type { StackEnvironment } from '../../../dev/stack/stack';
import { Pipeline, type Preparation } from '../../harness/pipeline';

/**
 * A pipeline for one test, none of its services running; when the test fails, the logs are kept and their ends shown.
 */
export async function inPipeline(
  stack: StackEnvironment,
  { partitions, ...preparation }: { partitions?: number } & Preparation = {},
): Promise<Pipeline> {
  const pipeline = new Pipeline(stack, { partitions });
  onTestFinished(async ({ task }) => {
    const failed = task.result?.state === 'fail';
    if (failed) {
      console.error(pipeline.tails());
    }
    await pipeline.remove({ keepLogs: failed });
  }, 60_000);
  await pipeline.prepare(preparation);
  return pipeline;
}
