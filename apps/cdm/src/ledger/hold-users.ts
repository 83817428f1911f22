import { binaryArray } from '@app/warehouse/binary-array';
import type { Client } from '@app/warehouse/warehouse';

/** Holds users until the transaction ends: whoever changes ledger, counters or tags of a user holds him first. */
export async function holdUsers(client: Client, userIds: string[]): Promise<void> {
  await client.query({
    name: 'lock_users',
    text: 'SELECT FROM cdm.users WHERE user_id = ANY ($1::uuid[]) ORDER BY user_id FOR UPDATE',
    values: [binaryArray('uuid', userIds)],
  });
}
