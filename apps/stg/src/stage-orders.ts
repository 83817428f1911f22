import type { Client } from '@app/warehouse/warehouse';
import { arrayText, Rows } from '@app/warehouse/bulk-insert';
import { canonicalTime } from '@app/contracts/source-time';
import type { Enrichment, Missing, UsedEntries } from './enrich-order';
import { headerList, headersByName } from './pending-headers';
import type { ReceivedOrder } from './read-order';

export interface Candidate {
  received: ReceivedOrder;
  enrichment: Enrichment;
}

/** What staging holds of a version after the batch. */
export type StagedVersion =
  /** Stored, perhaps long ago; with the entries it was enriched with then, or null while it waits. */
  | { kind: 'stored'; used: UsedEntries | null }
  /** Another version of the order came first and names another user or restaurant. */
  | { kind: 'owner_changed'; message: string };

interface Owner {
  userId: string;
  restaurantId: string;
}

interface StoredOrder extends Owner {
  /** The newest version. */
  version: string;
  /** All versions that are asked for and stored. */
  used: Map<string, UsedEntries | null>;
}

export function versionKey({ objectId, version }: Pick<ReceivedOrder, 'objectId' | 'version'>): string {
  return `${objectId} ${version}`;
}

/**
 * Stores every version once: the newest of an order in `order_events`, the others in `superseded_order_events`, those with
 * something missing in `pending_orders` too. First what is missing is inserted, then the orders that were there are locked in the
 * order of their ids, and only then is read and decided; so replicas with versions of the same order agree.
 * @param candidates different versions, in the order of their arrival
 */
export async function stageOrders(
  client: Client,
  candidates: Candidate[],
): Promise<Map<string, StagedVersion>> {
  const orders = groupByOrder(candidates);
  const inserted = await insertNewOrders(client, [...orders.values()].map(newestOfFirstOwner));
  const known = [...orders.keys()].filter((objectId) => !inserted.has(objectId));
  const stored = await lockStoredOrders(client, known, candidates);

  const staged = new Map<string, StagedVersion>();
  const newest: Candidate[] = [];
  const superseded: Candidate[] = [];
  const waiting: Candidate[] = [];
  for (const [objectId, versions] of orders) {
    const order = stored.get(objectId);
    const owner = order ?? ownerOf(versions[0]!);
    const added: Candidate[] = [];
    for (const candidate of versions) {
      const { received } = candidate;
      const { version } = received;
      const change = ownerChange(owner, candidate);
      const isStored = order?.used.has(version);
      const used = isStored ? order!.used.get(version)! : usedEntries(candidate);
      staged.set(
        versionKey(received),
        change ? { kind: 'owner_changed', message: change } : { kind: 'stored', used },
      );
      if (!change && !isStored) {
        added.push(candidate);
      }
      if (!change && used === null) {
        waiting.push(candidate);
      }
    }
    const winner = newestOf(added);
    const wins = winner && order && winner.received.version > order.version;
    if (wins) {
      newest.push(winner);
    }
    superseded.push(...added.filter((candidate) => candidate !== winner || (order && !wins)));
  }
  await replaceNewest(client, newest);
  await insertSuperseded(client, superseded);
  await insertPending(client, waiting);
  return staged;
}

function groupByOrder(candidates: Candidate[]): Map<string, Candidate[]> {
  const orders = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { objectId } = candidate.received;
    const versions = orders.get(objectId);
    if (versions) {
      versions.push(candidate);
    } else {
      orders.set(objectId, [candidate]);
    }
  }
  return orders;
}

function ownerOf({ received }: Candidate): Owner {
  const { user, restaurant } = received.order.payload;
  return { userId: user.id, restaurantId: restaurant.id };
}

function ownerChange(owner: Owner, candidate: Candidate): string | undefined {
  const { userId, restaurantId } = ownerOf(candidate);
  if (userId !== owner.userId) {
    return `payload.user.id must stay ${owner.userId}, as in the version that came first, got ${userId}`;
  }
  if (restaurantId !== owner.restaurantId) {
    return `payload.restaurant.id must stay ${owner.restaurantId}, as in the version that came first, got ${restaurantId}`;
  }
  return undefined;
}

function newestOf(candidates: Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (newest, candidate) =>
      newest && newest.received.version > candidate.received.version ? newest : candidate,
    undefined,
  );
}

function newestOfFirstOwner(versions: Candidate[]): Candidate {
  const owner = ownerOf(versions[0]!);
  return newestOf(versions.filter((candidate) => ownerChange(owner, candidate) === undefined))!;
}

function usedEntries({ enrichment }: Candidate): UsedEntries | null {
  return enrichment.kind === 'enriched' ? enrichment.used : null;
}

/** One row a version; the key sorts object ids of all lengths. */
function versionRows(candidates: Candidate[]): Rows {
  const rows = new Rows();
  for (const candidate of candidates) {
    const { objectId, version, order, text } = candidate.received;
    const used = usedEntries(candidate);
    rows.add(
      `${objectId.padStart(19, '0')} ${version}`,
      text,
      objectId,
      canonicalTime(order.sent_dttm)!,
      version,
      used?.userEntryPk ?? null,
      used?.restaurantEntryPk ?? null,
      used?.earlierMenus ? JSON.stringify(used.earlierMenus) : null,
    );
  }
  return rows;
}

/** The messages come as one JSON list: as texts in an array each quote in them would need an escape, which costs both sides more. */
const receivedVersions = /* sql */ `
  ROWS FROM (
    json_array_elements($1::json),
    unnest($2::bigint[], $3::timestamp[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[])
  ) AS received (message, object_id, sent_dttm, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus)`;

async function writeVersions<Row extends object = never>(
  client: Client,
  statement: { name: string; text: string },
  candidates: Candidate[],
): Promise<Row[]> {
  if (candidates.length === 0) {
    return [];
  }
  const [messages, ...columns] = versionRows(candidates).columns();
  const values = [`[${messages!.join()}]`, ...columns.map(arrayText)];
  const { rows } = await client.query<Row & Record<string, unknown>>({ ...statement, values });
  return rows;
}

/** The ids of the orders that nobody had staged before. */
async function insertNewOrders(client: Client, candidates: Candidate[]): Promise<Set<string>> {
  const rows = await writeVersions<{ object_id: string }>(client, insertNewOrdersStatement, candidates);
  return new Set(rows.map((row) => row.object_id));
}

const insertNewOrdersStatement = {
  name: 'insert_new_orders',
  text: /* sql */ `
    INSERT INTO stg.order_events
      (object_id, object_type, sent_dttm, payload, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus)
    SELECT
      object_id, 'order', sent_dttm, message -> 'payload', order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM ${receivedVersions}
    ON CONFLICT (object_id) DO NOTHING
    RETURNING object_id`,
};

interface StoredRow {
  object_id: string;
  order_version: string;
  user_id: string;
  restaurant_id: string;
  user_entry_pk: string | null;
  restaurant_entry_pk: string | null;
  earlier_menus: Record<string, string> | null;
}

async function lockStoredOrders(
  client: Client,
  objectIds: string[],
  candidates: Candidate[],
): Promise<Map<string, StoredOrder>> {
  const orders = new Map<string, StoredOrder>();
  if (objectIds.length === 0) {
    return orders;
  }
  const { rows: newest } = await client.query<StoredRow>({
    name: 'lock_orders',
    text: /* sql */ `
      SELECT object_id, order_version, payload #>> '{user,id}' AS user_id, payload #>> '{restaurant,id}' AS restaurant_id,
        user_entry_pk, restaurant_entry_pk, earlier_menus
      FROM stg.order_events WHERE object_id = ANY ($1::bigint[])
      ORDER BY object_id FOR UPDATE`,
    values: [objectIds],
  });
  for (const row of newest) {
    orders.set(row.object_id, {
      version: row.order_version,
      userId: row.user_id,
      restaurantId: row.restaurant_id,
      used: new Map([[row.order_version, usedEntriesOf(row)]]),
    });
  }
  const asked = candidates.filter(({ received }) => orders.has(received.objectId));
  const { rows: superseded } = await client.query<StoredRow>({
    name: 'superseded_versions',
    text: /* sql */ `
      SELECT object_id, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
      FROM stg.superseded_order_events
      JOIN unnest($1::bigint[], $2::text[]) AS asked (object_id, order_version) USING (object_id, order_version)`,
    values: [asked.map(({ received }) => received.objectId), asked.map(({ received }) => received.version)],
  });
  for (const row of superseded) {
    orders.get(row.object_id)!.used.set(row.order_version, usedEntriesOf(row));
  }
  return orders;
}

export function usedEntriesOf(
  row: Pick<StoredRow, 'user_entry_pk' | 'restaurant_entry_pk' | 'earlier_menus'>,
): UsedEntries | null {
  return row.user_entry_pk !== null && row.restaurant_entry_pk !== null
    ? {
        userEntryPk: row.user_entry_pk,
        restaurantEntryPk: row.restaurant_entry_pk,
        earlierMenus: row.earlier_menus,
      }
    : null;
}

/** The version that was the newest moves to the superseded ones, with its number and its load date. */
async function replaceNewest(client: Client, candidates: Candidate[]): Promise<void> {
  if (candidates.length === 0) {
    return;
  }
  await client.query({
    name: 'supersede_orders',
    text: /* sql */ `
      INSERT INTO stg.superseded_order_events
        (id, object_id, object_type, sent_dttm, payload, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus, load_dt)
      SELECT id, object_id, object_type, sent_dttm, payload, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus, load_dt
      FROM stg.order_events WHERE object_id = ANY ($1::bigint[])`,
    values: [candidates.map(({ received }) => received.objectId)],
  });
  await writeVersions(client, replaceNewestStatement, candidates);
}

const replaceNewestStatement = {
  name: 'replace_newest_orders',
  text: /* sql */ `
    UPDATE stg.order_events SET
      id = nextval('stg.order_version_id'), sent_dttm = received.sent_dttm, payload = message -> 'payload',
      order_version = received.order_version, user_entry_pk = received.user_entry_pk,
      restaurant_entry_pk = received.restaurant_entry_pk, earlier_menus = received.earlier_menus, load_dt = now()
    FROM ${receivedVersions}
    WHERE order_events.object_id = received.object_id`,
};

async function insertSuperseded(client: Client, candidates: Candidate[]): Promise<void> {
  await writeVersions(client, insertSupersededStatement, candidates);
}

const insertSupersededStatement = {
  name: 'insert_superseded_orders',
  text: /* sql */ `
    INSERT INTO stg.superseded_order_events
      (object_id, object_type, sent_dttm, payload, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus)
    SELECT
      object_id, 'order', sent_dttm, message -> 'payload', order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM ${receivedVersions}`,
};

/** The message is kept whole, for the dead letter that it becomes when an operator gives up on it. */
async function insertPending(client: Client, candidates: Candidate[]): Promise<void> {
  const waiting = candidates.toSorted((a, b) => (versionKey(a.received) < versionKey(b.received) ? -1 : 1));
  if (waiting.length === 0) {
    return;
  }
  const records = waiting.map(({ received }) => received.record);
  await client.query({
    name: 'insert_pending_orders',
    text: /* sql */ `
      INSERT INTO stg.pending_orders
        (object_id, order_version, missing, next_attempt_at, topic, partition, message_offset, message_key, message_value,
         message_headers, message_header_list, message_timestamp)
      SELECT object_id, order_version, missing, now() + interval '1 second', topic, partition, message_offset, message_key,
        message_value, message_headers, message_header_list, message_timestamp
      FROM unnest($1::bigint[], $2::text[], $3::jsonb[], $4::text[], $5::integer[], $6::bigint[], $7::bytea[], $8::bytea[],
        $9::jsonb[], $10::jsonb[], $11::bigint[])
        AS waiting (object_id, order_version, missing, topic, partition, message_offset, message_key, message_value,
          message_headers, message_header_list, message_timestamp)
      ON CONFLICT (object_id, order_version) DO NOTHING`,
    values: [
      waiting.map(({ received }) => received.objectId),
      waiting.map(({ received }) => received.version),
      waiting.map(({ enrichment }) => JSON.stringify(missingOf(enrichment))),
      records.map(({ topic }) => topic),
      records.map(({ partition }) => partition),
      records.map(({ offset }) => offset),
      records.map(({ key }) => key),
      records.map(({ value }) => value),
      records.map(({ headers }) => JSON.stringify(headersByName(headers))),
      records.map(({ headers }) => JSON.stringify(headerList(headers))),
      records.map(({ timestamp }) => timestamp),
    ],
  });
}

function missingOf(enrichment: Enrichment): Missing[] {
  return enrichment.kind === 'incomplete' ? enrichment.missing : [];
}
