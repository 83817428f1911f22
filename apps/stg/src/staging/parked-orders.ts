import type { KafkaRecord } from '@app/batches/outcome';
import { columns } from '@app/warehouse/columns';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import type { ParkedOrder } from './decide-versions';
import type { Missing, UsedEntries } from '../dictionary/enrich-order';
import { headerList, headersByName, headersOfRow, type HeaderList } from './parked-headers';
import {
  usedColumns,
  usedEntriesOf,
  usedRow,
  versionColumns,
  versionRow,
  type OrderVersion,
  type UsedRow,
} from './version-columns';

/** Name of the advisory lock under which parked orders are taken on, or away. */
export const PARKED_ORDERS = 'stg.pending_orders';

/** Bounds of one step: few enough orders for the memory, and for the locks of others. */
const STEP_ORDERS = 500;
const STEP_BYTES = 8 * 1024 * 1024;

/** So long an order waits for its next attempt at most. */
const LONGEST_WAIT_SECONDS = 15;

/** The message of a parked order. */
export interface ParkedMessage extends OrderVersion {
  record: KafkaRecord;
}

/** A parked order that an operator gave up. */
export interface GivenUpOrder extends ParkedMessage {
  missing: Missing[];
  /** User of the API, or login of PostgreSQL. */
  by: string;
}

const isReleased = 'released_at IS NOT NULL';
const isGivenUp = 'released_at IS NULL AND given_up_at IS NOT NULL';
const waits = 'released_at IS NULL AND given_up_at IS NULL';

const parked = columns(
  {
    ...versionColumns,
    missing: 'jsonb',
    topic: 'text',
    partition: 'integer',
    message_offset: 'bigint',
    message_timestamp: 'bigint',
    message_key: 'bytea?',
    message_value: 'bytea',
    message_headers: 'jsonb',
    message_header_list: 'jsonb',
  },
  'object_id',
  'order_version',
);

/** The message is kept whole, for the dead letter that it becomes when an operator gives it up. */
export async function parkOrders(client: Client, orders: ParkedOrder[]): Promise<void> {
  await parked.run(client, parkStatement, orders.map(parkedRow));
}

function parkedRow({ received, missing }: ParkedOrder) {
  const { topic, partition, offset, timestamp, key, value, headers } = received.record;
  return {
    ...versionRow(received),
    missing: JSON.stringify(missing),
    topic,
    partition,
    message_offset: offset,
    message_timestamp: timestamp,
    message_key: key,
    message_value: value!,
    message_headers: JSON.stringify(headersByName(headers)),
    message_header_list: JSON.stringify(headerList(headers)),
  };
}

const parkStatement = {
  name: 'insert_pending_orders',
  text: /* sql */ `
    INSERT INTO stg.pending_orders (${parked.names}, next_attempt_at)
    SELECT ${parked.names}, now() + interval '1 second' FROM ${parked.unnest('parked')}
    ON CONFLICT (object_id, order_version) DO NOTHING`,
};

interface ParkedRow extends OrderVersion, Omit<KafkaRecord, 'headers'> {
  message_headers: Record<string, string[]>;
  message_header_list: HeaderList | null;
}

const parkedColumns = /* sql */ `
  object_id AS "orderId", order_version AS version, topic, partition, message_offset AS offset, message_timestamp AS timestamp,
  message_key AS key, message_value AS value, message_headers, message_header_list`;

function parkedMessage({ orderId, version, ...row }: ParkedRow): ParkedMessage {
  const { topic, partition, offset, timestamp, key, value } = row;
  const headers = headersOfRow(row.message_header_list, row.message_headers);
  return { orderId, version, record: { topic, partition, offset, timestamp, key, value, headers } };
}

/** What there is to do, though another replica may be quicker: no lock is held. */
export async function workOnParked(
  client: Client,
): Promise<{ areGivenUp: boolean; areReleased: boolean; due: OrderVersion[] }> {
  const [givenUp, released, due] = await together(
    client.query({
      name: 'are_given_up',
      text: `SELECT FROM stg.pending_orders WHERE ${isGivenUp} LIMIT 1`,
    }),
    client.query({
      name: 'are_released',
      text: `SELECT FROM stg.pending_orders WHERE ${isReleased} LIMIT 1`,
    }),
    dueOrders(client),
  );
  return { areGivenUp: givenUp.rowCount! > 0, areReleased: released.rowCount! > 0, due };
}

/**
 * The orders whose next attempt is due, the longest waiting first. None waits for longer than the longest wait: where
 * one does, the clock of the database was set back since.
 */
async function dueOrders(client: Client): Promise<OrderVersion[]> {
  const { rows } = await client.query<OrderVersion>({
    name: 'due_orders',
    text: /* sql */ `
    SELECT object_id AS "orderId", order_version AS version
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY next_attempt_at, object_id, order_version) AS bytes
      FROM (
        (SELECT * FROM stg.pending_orders WHERE ${waits} AND next_attempt_at <= now()
          ORDER BY next_attempt_at, object_id, order_version LIMIT ${STEP_ORDERS})
        UNION ALL
        (SELECT * FROM stg.pending_orders
          WHERE ${waits} AND next_attempt_at > now() + ${LONGEST_WAIT_SECONDS} * interval '1 second'
          ORDER BY next_attempt_at, object_id, order_version LIMIT ${STEP_ORDERS})
        LIMIT ${STEP_ORDERS}
      ) due
    ) counted
    WHERE bytes - octet_length(message_value) < ${STEP_BYTES}`,
  });
  return rows;
}

const versions = columns(versionColumns);

/** Those of the orders that nobody has released or removed meanwhile. */
export async function stillParked(client: Client, due: OrderVersion[]): Promise<ParkedMessage[]> {
  const text = /* sql */ `
    SELECT ${parkedColumns} FROM stg.pending_orders JOIN ${versions.unnest('due')} USING (object_id, order_version)
    WHERE ${waits}`;
  return (await versions.run<ParkedRow>(client, { text }, due.map(versionRow))).map(parkedMessage);
}

const enriched = columns({ ...versionColumns, ...usedColumns });

/** Stores with each version the entries it was enriched with, and marks it as released. */
export async function releaseOrders(
  client: Client,
  complete: { received: OrderVersion; used: UsedEntries }[],
): Promise<void> {
  if (complete.length === 0) {
    return;
  }
  const rows = complete.map(({ received, used }) => ({ ...versionRow(received), ...usedRow(used) }));
  // As a batch does: orders in the order of their ids first, what hangs on them afterwards.
  await client.query(
    'SELECT FROM stg.order_events WHERE object_id = ANY ($1::bigint[]) ORDER BY object_id FOR UPDATE',
    [rows.map((row) => row.object_id)],
  );
  for (const table of ['stg.order_events', 'stg.superseded_order_events']) {
    const text = /* sql */ `
      UPDATE ${table} version SET
        user_entry_pk = complete.user_entry_pk, restaurant_entry_pk = complete.restaurant_entry_pk,
        earlier_menus = complete.earlier_menus
      FROM ${enriched.unnest('complete')}
      WHERE version.object_id = complete.object_id AND version.order_version = complete.order_version`;
    await enriched.run(client, { text }, rows);
  }
  const text = /* sql */ `
    UPDATE stg.pending_orders parked SET attempts = attempts + 1, missing = '[]', released_at = now()
    FROM ${versions.unnest('complete')}
    WHERE parked.object_id = complete.object_id AND parked.order_version = complete.order_version`;
  await versions.run(client, { text }, rows);
}

const postponed = columns({ ...versionColumns, missing: 'jsonb?' });

/**
 * Orders are tried again later: after as many seconds as attempts, within a limit.
 * @param incomplete what is missing is null where that is not known, since the database refused the order
 */
export async function postponeOrders(
  client: Client,
  incomplete: { received: OrderVersion; missing: Missing[] | null }[],
): Promise<void> {
  const text = /* sql */ `
    UPDATE stg.pending_orders parked SET
      attempts = attempts + 1, missing = coalesce(incomplete.missing, parked.missing),
      next_attempt_at = now() + least(attempts + 1, ${LONGEST_WAIT_SECONDS}) * interval '1 second'
    FROM ${postponed.unnest('incomplete')}
    WHERE parked.object_id = incomplete.object_id AND parked.order_version = incomplete.order_version`;
  const rows = incomplete.map(({ received, missing }) => ({
    ...versionRow(received),
    missing: missing && JSON.stringify(missing),
  }));
  await postponed.run(client, { text }, rows);
}

/** Orders that are released and not yet known to be published, with the entries of their version. */
export async function releasedOrders(client: Client): Promise<(ParkedMessage & { used: UsedEntries })[]> {
  const { rows } = await client.query<ParkedRow & UsedRow>(/* sql */ `
    SELECT ${parkedColumns}, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY released_at, object_id, order_version) AS bytes
      FROM (
        SELECT * FROM stg.pending_orders WHERE ${isReleased}
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
  return rows.map((row) => ({ ...parkedMessage(row), used: usedEntriesOf(row)! }));
}

/** Orders that operators gave up, those of a step. */
export async function givenUpOrders(client: Client): Promise<GivenUpOrder[]> {
  const { rows } = await client.query<ParkedRow & Pick<GivenUpOrder, 'missing' | 'by'>>(/* sql */ `
    SELECT ${parkedColumns}, missing, given_up_by AS by
    FROM (
      SELECT *, sum(octet_length(message_value)) OVER (ORDER BY given_up_at, object_id, order_version) AS bytes
      FROM (
        SELECT * FROM stg.pending_orders WHERE ${isGivenUp}
        ORDER BY given_up_at, object_id, order_version LIMIT ${STEP_ORDERS}
      ) given_up
    ) counted
    WHERE bytes - octet_length(message_value) < ${STEP_BYTES}
    ORDER BY object_id, order_version`);
  return rows.map(({ missing, by, ...row }) => ({ ...parkedMessage(row), missing, by }));
}

/** They wait no longer: published, or refused. */
export async function removeParked(client: Client, orders: OrderVersion[]): Promise<void> {
  const text = /* sql */ `
    DELETE FROM stg.pending_orders parked USING ${versions.unnest('gone')}
    WHERE parked.object_id = gone.object_id AND parked.order_version = gone.order_version`;
  await versions.run(client, { text }, orders.map(versionRow));
}
