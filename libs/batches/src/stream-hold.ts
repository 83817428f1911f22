/**
 * How long after one fetch of a stream the next one is, at least, so that its batches grow: many small ones cost more
 * than a few large ones. Counted once a fetch and not once a batch, so that it does not grow with the number of
 * partitions.
 */
const LEAST_MS = 500;
/** What comes in between is late by so much. */
const MOST_MS = 2_000;
/** What a batch takes however few messages it has. */
const ANY_BATCH_MS = 50;
/** Where there are processors enough, they are handled in less than the least. */
const MESSAGES = 1_000;

/**
 * Milliseconds from the fetch of a stream until the next one: as many as a thousand messages would take at the pace of
 * its batch. Where the machine is short of processors, that is long, and batches grow.
 * @param tookMs how long the batch was in hand
 * @param messages how many were in it
 */
export function streamHoldMs(tookMs: number, messages: number): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, ((tookMs - ANY_BATCH_MS) / messages) * MESSAGES));
}
