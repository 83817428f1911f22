import type { Client, Warehouse } from '@app/warehouse/warehouse';
import type { TaggedUser, TaggedUsersPage } from './user-tags.contract';

/** So many users at a time while all are read. */
const STEP_USERS = 1_000;

/**
 * A page of the users that hold a tag, in the order of their keys.
 * @param after the key of the last user of the page before
 */
export async function taggedUsers(
  client: Client,
  tag: string,
  limit: number,
  after?: string,
): Promise<TaggedUsersPage> {
  const { rows } = await client.query<TaggedUser>(
    /* sql */ `
    SELECT source_user_id, user_id, held.order_cnt, held.since
    FROM cdm.user_tags held JOIN cdm.users USING (user_id)
    WHERE held.tag = $1 AND ($2::uuid IS NULL OR held.user_id > $2)
    ORDER BY held.user_id LIMIT $3`,
    [tag, after, limit + 1],
  );
  const users = rows.slice(0, limit);
  return { users, next: rows.length > limit ? users.at(-1)!.user_id : null };
}

/**
 * All users that hold a tag. A step is read when the one before has been taken, on a connection that is given back in
 * between; who holds the tag all the time comes exactly once.
 */
export async function* allTaggedUsers(warehouse: Warehouse, tag: string): AsyncGenerator<TaggedUser> {
  let cursor: string | undefined;
  do {
    const page = await warehouse.read((client) => taggedUsers(client, tag, STEP_USERS, cursor));
    yield* page.users;
    cursor = page.next ?? undefined;
  } while (cursor);
}
