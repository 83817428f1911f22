import type { Client } from '@app/warehouse/warehouse';
import type { HeldTag } from './user-tags.contract';

/**
 * The tags of a user, in their order.
 * @returns undefined where no order of such a user is known
 */
export async function userTags(client: Client, sourceUserId: string): Promise<HeldTag[] | undefined> {
  const { rows } = await client.query<{ tag: string | null } & Omit<HeldTag, 'tag'>>(
    /* sql */ `
    SELECT held.tag, held.order_cnt, held.since
    FROM cdm.users LEFT JOIN cdm.user_tags held USING (user_id)
    WHERE source_user_id = $1
    ORDER BY held.tag COLLATE "C"`,
    [sourceUserId],
  );
  return rows.length === 0 ? undefined : rows.filter((row): row is HeldTag => row.tag !== null);
}
