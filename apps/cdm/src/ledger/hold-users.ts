import { binaryArray } from '@app/warehouse/binary-array';
import type { Client } from '@app/warehouse/warehouse';

/**
 * Holds users until the transaction ends: a change of ledger, counters or tags of a user begins so.
 *
 * A proposal of the row that is there locks it, in the order in which rows come, and changes nothing. A distributed
 * PostgreSQL takes that for users of any nodes, where it refuses SELECT ... FOR UPDATE.
 */
export async function holdUsers(client: Client, userIds: string[]): Promise<void> {
  await client.query({
    name: 'lock_users',
    text: /* sql */ `
      INSERT INTO cdm.users AS held (user_id, source_user_id)
      SELECT user_id, source_user_id FROM cdm.users WHERE user_id = ANY ($1::uuid[]) ORDER BY user_id
      ${holdOnConflict}`,
    values: [binaryArray('uuid', userIds)],
  });
}

/** Of an INSERT INTO cdm.users AS held: rows that are there already are held, as those are that are new. */
export const holdOnConflict =
  'ON CONFLICT (user_id) DO UPDATE SET closed_order_cnt = held.closed_order_cnt WHERE false';
