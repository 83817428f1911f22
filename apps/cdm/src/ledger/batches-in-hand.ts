import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { holdUsers } from './hold-users';
import { markCounted } from './mark-counted';

const LOCK = `hashtext('cdm.batches')`;
/** In `cdm.counted_batches`, work that is no batch counts as a partition that no topic has. */
const NO_PARTITION = -1;

/** To be called first in the transaction of a batch: batches hold the lock together while they work. */
export async function joinBatches(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`);
}

/**
 * Does work of a tool as if it were a batch: among the batches, with users held, and seen by all where it writes.
 * @param users hash keys; none where no row of one user changes
 * @param work returns how many rows it wrote
 */
export async function workAsBatch(
  client: Client,
  users: string[],
  work: () => Promise<number>,
): Promise<number> {
  await joinBatches(client);
  await holdUsers(client, users);
  const written = await work();
  if (written > 0) {
    await markCounted(client, NO_PARTITION);
  }
  return written;
}

/**
 * Waits until every batch that is at work has ended: what was committed before this call is known to all that come
 * later. A batch may have read an older name or rule, and write what nobody else sees before it commits: a counter, a
 * user, a product.
 */
export async function untilBatchesEnd(warehouse: Warehouse): Promise<void> {
  await warehouse.transaction(holdUpBatches);
}

/** Waits until every batch that is at work has ended, and lets none begin before the transaction ends. */
export async function holdUpBatches(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
}
