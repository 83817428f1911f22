import { columns } from '@app/warehouse/columns';
import { SerializationFailure } from '@app/warehouse/sqlstate';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import {
  decideVersions,
  type KnownOrder,
  type Owner,
  type ParkedOrder,
  type Place,
  type DecidedOrder,
  type StoredOrder,
  type StoredVersion,
} from './decide-versions';
import type { EnrichedOrder } from '../dictionary/enricher';
import { parkOrders } from './parked-orders';
import {
  usedColumns,
  usedEntriesOf,
  usedRow,
  versionColumns,
  versionRow,
  type UsedRow,
} from './version-columns';

/**
 * Stores every version once: the newest of an order in `order_events`, the others in `superseded_order_events`, those
 * that lack a name in `pending_orders` too. First the orders that staging does not have are inserted, then those that
 * were there are locked in the order of their ids, and only then is read and decided; so replicas with versions of the
 * same order agree. What takes locks is sent in one go: others wait for them until the batch is stored.
 * @param enriched different versions, in the order of their arrival
 * @throws SerializationFailure where an order is neither new nor to be seen
 */
export async function stageOrders(client: Client, enriched: EnrichedOrder[]): Promise<DecidedOrder[]> {
  const orders = byOrder(enriched);
  const asNew = [...orders.values()].flatMap((versions) => decideVersions(versions));
  const newest = placedAs('newest', asNew);
  const [inserted, known] = await together(insertNewOrders(client, newest), lockOrders(client, orders));
  if (newest.filter(({ received: { orderId } }) => !known.has(orderId)).length !== inserted) {
    throw new SerializationFailure(
      'another transaction began in the same microsecond and has the same order',
    );
  }
  const ofKnown = [...known].flatMap(([orderId, order]) => decideVersions(orders.get(orderId)!, order));
  const staged = [...asNew.filter(({ received }) => !known.has(received.orderId)), ...ofKnown];
  await together(
    replaceNewest(client, placedAs('newest', ofKnown)),
    receivedColumns.run(client, insertSuperseded, placedAs('superseded', staged).map(receivedRow)),
    parkOrders(
      client,
      staged.filter((order) => order.kind === 'parked'),
    ),
  );
  return staged;
}

function byOrder(enriched: EnrichedOrder[]): Map<string, EnrichedOrder[]> {
  const orders = new Map<string, EnrichedOrder[]>();
  for (const order of enriched) {
    const versions = orders.get(order.received.orderId) ?? [];
    orders.set(order.received.orderId, versions);
    versions.push(order);
  }
  return orders;
}

type WrittenOrder = StoredOrder | ParkedOrder;

function placedAs(place: Place, staged: DecidedOrder[]): WrittenOrder[] {
  return staged.filter((order) => order.kind !== 'refused').filter((order) => order.place === place);
}

/** Of a version as it was received, its message byte for byte; of that the payload is stored. */
const receivedColumns = columns(
  {
    ...versionColumns,
    message: 'json',
    sent_dttm: 'timestamp',
    ...usedColumns,
    topic: 'text',
    partition: 'integer',
    message_offset: 'bigint',
  },
  'object_id',
  'order_version',
);

/** Spelled out, since there is one for each message: a spread of {@link versionRow} takes 30 times as long. */
function receivedRow({ received: { record, orderId, version, sentDttm }, used }: WrittenOrder) {
  const { user_entry_pk, restaurant_entry_pk, earlier_menus } = usedRow(used);
  return {
    object_id: orderId,
    order_version: version,
    message: record.value!,
    sent_dttm: sentDttm,
    user_entry_pk,
    restaurant_entry_pk,
    earlier_menus,
    topic: record.topic,
    partition: record.partition,
    message_offset: record.offset,
  };
}

const kept = `order_version, user_entry_pk, restaurant_entry_pk, earlier_menus, topic, partition, message_offset`;
const stored = `object_id, object_type, sent_dttm, payload, ${kept}`;
const selectReceived = /* sql */ `
  SELECT object_id, 'order', sent_dttm, message -> 'payload', ${kept}
  FROM ${receivedColumns.unnest('received')}`;

/** @returns how many of the orders nobody had staged before */
async function insertNewOrders(client: Client, orders: WrittenOrder[]): Promise<number> {
  return receivedColumns.change(client, insertNewStatement, orders.map(receivedRow));
}

const insertNewStatement = {
  name: 'insert_new_orders',
  text: `INSERT INTO stg.order_events (${stored}) ${selectReceived} ON CONFLICT (object_id) DO NOTHING`,
};

interface KnownRow extends UsedRow {
  object_id: string;
  order_version: string;
}

/**
 * What was there of the orders, by their ids. What this transaction has inserted has its own time as load date, and is
 * left out: to lock such a row again would be logged.
 * @param orders the versions of the batch, by the ids of their orders
 */
async function lockOrders(
  client: Client,
  orders: ReadonlyMap<string, EnrichedOrder[]>,
): Promise<Map<string, KnownOrder>> {
  if (orders.size === 0) {
    return new Map();
  }
  const [{ rows: newest }, superseded] = await together(
    client.query<KnownRow>({
      name: 'lock_orders',
      text: /* sql */ `
        SELECT object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
        FROM stg.order_events WHERE object_id = ANY ($1::bigint[]) AND load_dt <> now()
        ORDER BY object_id FOR UPDATE`,
      values: [[...orders.keys()]],
    }),
    askedColumns.run<KnownRow>(
      client,
      supersededVersions,
      [...orders.values()].flatMap((versions) => versions.map(({ received }) => versionRow(received))),
    ),
  );
  const owners = await ownersOf(client, newest, orders);
  const known = new Map(newest.map((row) => [row.object_id, knownOrder(row, owners.get(row.object_id)!)]));
  for (const row of superseded) {
    known.get(row.object_id)?.stored.push(storedVersion(row));
  }
  return known;
}

function knownOrder(row: KnownRow, { userId, restaurantId }: Owner): KnownOrder {
  return { version: row.order_version, userId, restaurantId, stored: [storedVersion(row)] };
}

function storedVersion(row: KnownRow): StoredVersion {
  return { version: row.order_version, used: usedEntriesOf(row) };
}

/**
 * The owners of orders that were there, by their ids. An entry of the dictionary is that of one user or restaurant: a
 * version of the batch with the same entries has the same owner. Where there is none the payload says it, which takes
 * PostgreSQL longer to read than all the rest of a row.
 */
async function ownersOf(
  client: Client,
  rows: KnownRow[],
  orders: ReadonlyMap<string, EnrichedOrder[]>,
): Promise<Map<string, Owner>> {
  const owners = new Map<string, Owner>();
  const others: string[] = [];
  for (const { object_id, user_entry_pk, restaurant_entry_pk } of rows) {
    const alike = orders
      .get(object_id)!
      .find(
        ({ used }) => used?.userEntryPk === user_entry_pk && used.restaurantEntryPk === restaurant_entry_pk,
      );
    if (alike) {
      owners.set(object_id, alike.received);
    } else {
      others.push(object_id);
    }
  }
  if (others.length > 0) {
    const read = await client.query<Owner & { object_id: string }>({
      name: 'owners_of_orders',
      text: /* sql */ `
        SELECT object_id, payload #>> '{user,id}' AS "userId", payload #>> '{restaurant,id}' AS "restaurantId"
        FROM stg.order_events WHERE object_id = ANY ($1::bigint[])`,
      values: [others],
    });
    read.rows.forEach((row) => owners.set(row.object_id, row));
  }
  return owners;
}

const askedColumns = columns(versionColumns);

const supersededVersions = {
  name: 'superseded_versions',
  text: /* sql */ `
    SELECT object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM stg.superseded_order_events JOIN ${askedColumns.unnest('asked')} USING (object_id, order_version)`,
};

/**
 * The version that was the newest moves to the superseded ones, with its number and its load date. What RETURNING says
 * is not needed: see `test/statements.spec.ts`.
 */
async function replaceNewest(client: Client, orders: WrittenOrder[]): Promise<void> {
  if (orders.length === 0) {
    return;
  }
  await together(
    client.query({
      name: 'supersede_orders',
      text: /* sql */ `
        INSERT INTO stg.superseded_order_events (id, ${stored}, load_dt)
        SELECT id, ${stored}, load_dt FROM stg.order_events WHERE object_id = ANY ($1::bigint[])
        RETURNING object_id`,
      values: [orders.map(({ received: { orderId } }) => orderId)],
    }),
    receivedColumns.run(client, replaceStatement, orders.map(receivedRow)),
  );
}

const replaceStatement = {
  name: 'replace_newest_orders',
  text: /* sql */ `
    WITH received AS MATERIALIZED (
      SELECT nextval('stg.order_version_id') AS id, received.* FROM ${receivedColumns.unnest('received')}
    )
    UPDATE stg.order_events SET
      id = received.id, sent_dttm = received.sent_dttm, payload = message -> 'payload',
      order_version = received.order_version, user_entry_pk = received.user_entry_pk,
      restaurant_entry_pk = received.restaurant_entry_pk, earlier_menus = received.earlier_menus,
      topic = received.topic, partition = received.partition, message_offset = received.message_offset, load_dt = now()
    FROM received
    WHERE order_events.object_id = received.object_id`,
};

const insertSuperseded = {
  name: 'insert_superseded_orders',
  text: `INSERT INTO stg.superseded_order_events (${stored}) ${selectReceived} RETURNING object_id`,
};
