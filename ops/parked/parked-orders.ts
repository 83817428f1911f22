import {
  PARKED_ORDERS,
  parkedColumns,
  parkedMessage,
  STEP_BYTES,
  STEP_ORDERS,
  type ParkedRow,
  type WaitingOrder,
} from '../../apps/stg/src/staging/parked-orders';
import type { Client } from '@app/warehouse/warehouse';
import type { ParkedFilter } from './parked-filter';

type Missing = WaitingOrder['missing'][number];

/** The first three parameters are those of {@link filterValues}. */
const isMeant = /* sql */ `
  released_at IS NULL AND ($1::jsonb IS NULL OR missing @> $1) AND ($3::bigint IS NULL OR object_id = $3)
  AND ($2::bigint IS NULL OR waiting_since <= now() - $2 * interval '1 second')`;

function filterValues({ missing, olderThan, objectId }: ParkedFilter): unknown[] {
  return [missing && JSON.stringify([missing]), olderThan, objectId];
}

/** Holds the job of parked orders off until the transaction ends. */
export async function holdJob(client: Client): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [PARKED_ORDERS]);
}

export async function countParked(client: Client, filter: ParkedFilter): Promise<number> {
  const { rows } = await client.query<{ orders: number }>(
    `SELECT count(*)::integer AS orders FROM stg.pending_orders WHERE ${isMeant}`,
    filterValues(filter),
  );
  return rows[0]!.orders;
}

export interface ParkedOrder {
  object_id: string;
  order_version: string;
  waiting_since: Date;
  attempts: number;
  next_attempt_at: Date;
  missing: Missing[];
}

/** Those that wait longest. */
export async function longestParked(
  client: Client,
  filter: ParkedFilter,
  limit: number,
): Promise<ParkedOrder[]> {
  const { rows } = await client.query<ParkedOrder>(
    /* sql */ `
    SELECT object_id, order_version, waiting_since, attempts, next_attempt_at, missing
    FROM stg.pending_orders WHERE ${isMeant} ORDER BY waiting_since, object_id, order_version LIMIT $4`,
    [...filterValues(filter), limit],
  );
  return rows;
}

export interface MissingEntry extends Missing {
  orders: number;
}

/** What the orders wait for: what most of them do first. */
export async function missingEntries(
  client: Client,
  filter: ParkedFilter,
  limit: number,
): Promise<MissingEntry[]> {
  const { rows } = await client.query<MissingEntry>(
    /* sql */ `
    SELECT entry ->> 'kind' AS kind, entry ->> 'id' AS id, entry ->> 'restaurant_id' AS restaurant_id, count(*)::integer AS orders
    FROM stg.pending_orders CROSS JOIN jsonb_array_elements(missing) AS entry
    WHERE ${isMeant} GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT $4`,
    [...filterValues(filter), limit],
  );
  return rows;
}

/** Makes their next attempt due now. */
export async function retryNow(client: Client, filter: ParkedFilter): Promise<number> {
  await holdJob(client);
  const { rowCount } = await client.query(
    `UPDATE stg.pending_orders SET next_attempt_at = now() WHERE ${isMeant}`,
    filterValues(filter),
  );
  return rowCount!;
}

/** The next orders behind this one, in the order of their keys: as many as are one step of the job, at most. */
export async function nextParked(
  client: Client,
  filter: ParkedFilter,
  behind: Pick<WaitingOrder, 'orderId' | 'version'>,
): Promise<WaitingOrder[]> {
  const { rows } = await client.query<ParkedRow & { missing: Missing[] }>(
    /* sql */ `
    SELECT ${parkedColumns}, missing
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY object_id, order_version) AS bytes
      FROM (
        SELECT * FROM stg.pending_orders WHERE ${isMeant} AND (object_id, order_version) > ($4, $5)
        ORDER BY object_id, order_version LIMIT ${STEP_ORDERS}
      ) chosen
    ) counted
    WHERE bytes - octet_length(message_value) < ${STEP_BYTES}
    ORDER BY object_id, order_version`,
    [...filterValues(filter), behind.orderId, behind.version],
  );
  return rows.map((row) => ({ ...parkedMessage(row), missing: row.missing }));
}
