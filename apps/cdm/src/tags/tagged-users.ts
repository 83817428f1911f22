import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { meantOrders, type MeantOrders } from './meant-orders';
import type { TaggedUser, TaggedUsersPage } from './user-tags.contract';

/** So many users at a time while all are read. */
const STEP_USERS = 1_000;

/** Which users are asked for. */
export interface Tagged {
  tag: string;
  /** Part of their ids at the source, ignoring case. */
  search?: string;
  /** The present, local at the source. */
  now: string;
}

/** Parameters of the query for a page; the others are those of the orders that are meant. */
const OWN_PARAMETERS = 4;

/**
 * A page of the users that hold a tag, in the order of their keys.
 * @param after the key of the last user of the page before
 */
export async function taggedUsers(
  client: Client,
  tagged: Tagged,
  limit: number,
  after?: string,
): Promise<Omit<TaggedUsersPage, 'count'>> {
  return readPage(client, tagged, await ordersOf(client, tagged), limit, after);
}

function ordersOf(client: Client, { tag, now }: Tagged): Promise<MeantOrders> {
  return meantOrders(client, tag, now, OWN_PARAMETERS + 1);
}

async function readPage(
  client: Client,
  { tag, search }: Tagged,
  meant: MeantOrders,
  limit: number,
  after?: string,
): Promise<Omit<TaggedUsersPage, 'count'>> {
  const { rows } = await client.query<TaggedUser>(
    /* sql */ `
    SELECT source_user_id, holder.user_id, held.order_cnt, held.since, (
      SELECT max(order_dt) FROM cdm.order_versions placed
      WHERE placed.user_id = holder.user_id AND status = 'CLOSED' AND ${meant.sql}
    ) AS last_order_at
    FROM cdm.user_tags held JOIN cdm.users holder ON holder.user_id = held.user_id
    WHERE held.tag = $1 AND ($2::uuid IS NULL OR held.user_id > $2) AND ${isFound(3)}
    ORDER BY held.user_id LIMIT $4`,
    [tag, after, search, limit + 1, ...meant.values],
  );
  const users = rows.slice(0, limit);
  return { users, next: rows.length > limit ? users.at(-1)!.user_id : null };
}

export async function countTagged(client: Client, { tag, search }: Tagged): Promise<number> {
  const { rows } = await client.query<{ users: number }>(
    search === undefined
      ? 'SELECT count(*)::integer AS users FROM cdm.user_tags WHERE tag = $1'
      : /* sql */ `
        SELECT count(*)::integer AS users
        FROM cdm.user_tags held JOIN cdm.users holder ON holder.user_id = held.user_id
        WHERE held.tag = $1 AND ${isFound(2)}`,
    search === undefined ? [tag] : [tag, search],
  );
  return rows[0]!.users;
}

/** @param place of the parameter with what is searched, or null */
function isFound(place: number): string {
  return `($${place}::text IS NULL OR strpos(lower(source_user_id), lower($${place})) > 0)`;
}

/**
 * All users that hold a tag. A step is read when the one before has been taken, on a connection that is given back in
 * between; who holds the tag all the time comes exactly once.
 */
export async function* allTaggedUsers(warehouse: Warehouse, tagged: Tagged): AsyncGenerator<TaggedUser> {
  const meant = await warehouse.read((client) => ordersOf(client, tagged));
  let cursor: string | undefined;
  do {
    const page = await warehouse.read((client) => readPage(client, tagged, meant, STEP_USERS, cursor));
    yield* page.users;
    cursor = page.next ?? undefined;
  } while (cursor);
}
