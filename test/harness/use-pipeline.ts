import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { Pipeline, type Preparation } from './pipeline';

/**
 * A running pipeline for the tests of a file (or of the `describe` around the call), which share it. When one of them
 * fails, the ends of the services' logs are shown and the logs are kept.
 */
export function usePipeline({
  partitions,
  ...preparation
}: { partitions?: number } & Preparation = {}): Pipeline {
  const pipeline = new Pipeline(inject('stack'), { partitions });
  let failed = true; // until it is ready
  beforeAll(async () => {
    await pipeline.prepare(preparation);
    await pipeline.start();
    failed = false;
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      failed = true;
      console.error(pipeline.tails());
    });
  });
  afterAll(() => pipeline.remove({ keepLogs: failed }));
  return pipeline;
}
