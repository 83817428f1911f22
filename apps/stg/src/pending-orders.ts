import type { KafkaRecord } from '@app/kafka/outcome';
import type { Client } from '@app/warehouse/warehouse';
import type { Missing, UsedEntries } from './enrich-order';
import { headersOfRow, type HeaderList } from './pending-headers';
import { usedEntriesOf } from './stage-orders';

/** Name of the advisory lock of whoever takes parked orders on, or away. */
export const PENDING_ORDERS = 'stg.pending_orders';

/** Bounds of one step: few enough orders for the memory, and for the locks of others. */
export const STEP_ORDERS = 500;
export const STEP_BYTES = 8 * 1024 * 1024;

/** So long an order waits for its next attempt at most. */
const LONGEST_WAIT_SECONDS = 15;

export interface PendingOrder {
  record: KafkaRecord;
  objectId: string;
  version: string;
}

/** Everything is found; what it was enriched with. */
export interface ReleasedOrder extends PendingOrder {
  used: UsedEntries;
}

/** Something is missing still; null where that is not known, since the database refused the order. */
export interface PostponedOrder extends PendingOrder {
  missing: Missing[] | null;
}

export interface PendingRow {
  object_id: string;
  order_version: string;
  topic: string;
  partition: number;
  message_offset: string;
  message_key: Buffer | null;
  message_value: Buffer;
  message_headers: Record<string, string[]>;
  message_header_list: HeaderList | null;
  message_timestamp: string;
}

export const pendingColumns = /* sql */ `
  object_id, order_version, topic, partition, message_offset, message_key, message_value, message_headers,
  message_header_list, message_timestamp`;

export function pendingOrder(row: PendingRow): PendingOrder {
  return {
    objectId: row.object_id,
    version: row.order_version,
    record: {
      topic: row.topic,
      partition: row.partition,
      offset: row.message_offset,
      timestamp: row.message_timestamp,
      key: row.message_key,
      value: row.message_value,
      headers: headersOfRow(row.message_header_list, row.message_headers),
    },
  };
}

/**
 * The orders whose next attempt is due, the longest waiting first. None waits for longer than the longest wait: where one does, the clock of
 * the database was set back since.
 */
export async function duePendingOrders(client: Client): Promise<PendingOrder[]> {
  const { rows } = await client.query<PendingRow>(/* sql */ `
    SELECT ${pendingColumns}
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY next_attempt_at, object_id, order_version) AS bytes
      FROM (
        (SELECT * FROM stg.pending_orders WHERE released_at IS NULL AND next_attempt_at <= now()
          ORDER BY next_attempt_at, object_id, order_version LIMIT ${STEP_ORDERS})
        UNION ALL
        (SELECT * FROM stg.pending_orders
          WHERE released_at IS NULL AND next_attempt_at > now() + ${LONGEST_WAIT_SECONDS} * interval '1 second'
          ORDER BY next_attempt_at, object_id, order_version LIMIT ${STEP_ORDERS})
        LIMIT ${STEP_ORDERS}
      ) due
    ) counted
    WHERE bytes - octet_length(message_value) < ${STEP_BYTES}`);
  return rows.map(pendingOrder);
}

/** Those of the orders that nobody has released or removed meanwhile. */
export async function stillWaiting(client: Client, due: PendingOrder[]): Promise<PendingOrder[]> {
  const { rows } = await client.query<{ object_id: string; order_version: string }>(
    /* sql */ `
    SELECT object_id, order_version FROM stg.pending_orders
    JOIN unnest($1::bigint[], $2::text[]) AS due (object_id, order_version) USING (object_id, order_version)
    WHERE released_at IS NULL`,
    [due.map(({ objectId }) => objectId), due.map(({ version }) => version)],
  );
  const waiting = new Set(rows.map((row) => `${row.object_id} ${row.order_version}`));
  return due.filter(({ objectId, version }) => waiting.has(`${objectId} ${version}`));
}

/** Stores with each version the entries it was enriched with, and marks it as released. */
export async function releaseOrders(client: Client, complete: ReleasedOrder[]): Promise<void> {
  if (complete.length === 0) {
    return;
  }
  const objectIds = complete.map(({ objectId }) => objectId);
  const versions = complete.map(({ version }) => version);
  // As a batch does: orders in the order of their ids first, what hangs on them afterwards.
  await client.query(
    'SELECT FROM stg.order_events WHERE object_id = ANY ($1::bigint[]) ORDER BY object_id FOR UPDATE',
    [objectIds],
  );
  for (const table of ['stg.order_events', 'stg.superseded_order_events']) {
    await client.query(
      /* sql */ `
      UPDATE ${table} version SET
        user_entry_pk = complete.user_entry_pk, restaurant_entry_pk = complete.restaurant_entry_pk,
        earlier_menus = complete.earlier_menus
      FROM unnest($1::bigint[], $2::text[], $3::uuid[], $4::uuid[], $5::jsonb[])
        AS complete (object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus)
      WHERE version.object_id = complete.object_id AND version.order_version = complete.order_version`,
      [
        objectIds,
        versions,
        complete.map(({ used }) => used.userEntryPk),
        complete.map(({ used }) => used.restaurantEntryPk),
        complete.map(({ used }) => (used.earlierMenus ? JSON.stringify(used.earlierMenus) : null)),
      ],
    );
  }
  await client.query(
    /* sql */ `
    UPDATE stg.pending_orders pending SET attempts = attempts + 1, missing = '[]', released_at = now()
    FROM unnest($1::bigint[], $2::text[]) AS complete (object_id, order_version)
    WHERE pending.object_id = complete.object_id AND pending.order_version = complete.order_version`,
    [objectIds, versions],
  );
}

/** The others are tried again later: after as many seconds as attempts, within a limit. */
export async function postponeOrders(client: Client, incomplete: PostponedOrder[]): Promise<void> {
  if (incomplete.length === 0) {
    return;
  }
  await client.query(
    /* sql */ `
    UPDATE stg.pending_orders pending SET
      attempts = attempts + 1, missing = coalesce(incomplete.missing, pending.missing),
      next_attempt_at = now() + least(attempts + 1, ${LONGEST_WAIT_SECONDS}) * interval '1 second'
    FROM unnest($1::bigint[], $2::text[], $3::jsonb[]) AS incomplete (object_id, order_version, missing)
    WHERE pending.object_id = incomplete.object_id AND pending.order_version = incomplete.order_version`,
    [
      incomplete.map(({ objectId }) => objectId),
      incomplete.map(({ version }) => version),
      incomplete.map(({ missing }) => (missing ? JSON.stringify(missing) : null)),
    ],
  );
}

/** Orders that are released and not yet known to be published, with the entries of their version. */
export async function releasedOrders(client: Client): Promise<ReleasedOrder[]> {
  const { rows } = await client.query<
    PendingRow & {
      user_entry_pk: string;
      restaurant_entry_pk: string;
      earlier_menus: Record<string, string> | null;
    }
  >(/* sql */ `
    SELECT ${pendingColumns}, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY released_at, object_id, order_version) AS bytes
      FROM (
        SELECT * FROM stg.pending_orders WHERE released_at IS NOT NULL
        ORDER BY released_at, object_id, order_version LIMIT ${STEP_ORDERS}
      ) released
    ) counted
    JOIN (
      SELECT object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus FROM stg.order_events
      UNION ALL
      SELECT object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus FROM stg.superseded_order_events
    ) staged USING (object_id, order_version)
    WHERE bytes - octet_length(message_value) < ${STEP_BYTES}
    ORDER BY released_at, object_id, order_version`);
  return rows.map((row) => ({ ...pendingOrder(row), used: usedEntriesOf(row)! }));
}

/** They are published: nothing waits any more. */
export async function removePending(client: Client, published: PendingOrder[]): Promise<void> {
  await client.query(
    /* sql */ `
    DELETE FROM stg.pending_orders pending USING unnest($1::bigint[], $2::text[]) AS published (object_id, order_version)
    WHERE pending.object_id = published.object_id AND pending.order_version = published.order_version`,
    [published.map(({ objectId }) => objectId), published.map(({ version }) => version)],
  );
}
