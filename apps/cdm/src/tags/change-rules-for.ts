import type { Client } from '@app/warehouse/warehouse';
import { API_NAME, type Caller } from '../http/callers';

/** Says for whom the rest of a transaction changes rules: `cdm.keep_tag_rule_change` keeps that with each change. */
export async function changeRulesFor(client: Client, { name = API_NAME }: Caller): Promise<void> {
  await client.query(`SELECT set_config('order_vault.caller', $1, true)`, [name]);
}
