import type { Client, Warehouse } from '@app/warehouse/warehouse';

const LOCK = `hashtext('cdm.batches')`;

/** To be called first in the transaction of a batch: batches hold the lock together while they work. */
export async function joinBatches(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`);
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
