import type { EachBatchPayload } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BatchProgress } from './consumer-progress';
import { Abandoned, Hold } from './hold';

/** What kafkajs says of a batch while its own knowledge of the seek is gone. */
const forgetful = {
  batch: { topic: 'orders', partition: 3 },
  heartbeat: async () => undefined,
  isRunning: () => true,
  isStale: () => false,
} as Partial<EachBatchPayload> as EachBatchPayload;

let hold: Hold;
beforeEach(() => {
  hold = new Hold(forgetful, new BatchProgress('a batch', 3));
});
afterEach(() => hold.end());

it('lets a batch go on while nothing is against it', () => {
  expect(() => hold.checkPlace()).not.toThrow();
  expect(() => hold.check()).not.toThrow();
});

it('abandons a batch that reading goes back behind, also where kafkajs does not know that any more', () => {
  hold.leaveBehind();
  expect(() => hold.checkPlace()).toThrow(Abandoned);
  expect(() => hold.check()).toThrow(Abandoned);
});
