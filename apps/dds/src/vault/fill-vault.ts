import { STAGED_ORDERS } from '@app/contracts/topics';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { insertRows } from '@app/data-vault/vault-rows';
import type { Client } from '@app/warehouse/warehouse';
import { Facts } from '../facts/facts';
import { KnownFacts } from '../facts/known-facts';
import { orderKeys } from '../order/order-keys';
import type { EnrichedOrder } from '../order/read-staged-order';
import { factRows, OrderRows, orderTable, vaultTables } from './vault';

/**
 * Fills tables like those of the vault with what order versions stand for, whatever the vault has.
 * @param schema of the tables
 * @param orders in the order of their arrival, in pages
 * @returns how many order versions there were
 */
export async function fillVault(
  client: Client,
  schema: string,
  orders: AsyncIterable<StagedOrder[]>,
): Promise<number> {
  const known = new KnownFacts();
  let versions = 0;
  for await (const page of orders) {
    const rows = new OrderRows();
    const facts = new Facts(known);
    for (const staged of page) {
      const order: EnrichedOrder = { kind: 'order', staged, keys: orderKeys(staged) };
      rows.add(order);
      facts.add(order);
    }
    known.remember(facts);
    for (const loaded of [rows.hub, factRows(facts), rows.rest]) {
      for (const table of [orderTable, ...vaultTables]) {
        await insertRows(client, table, loaded, { schema, loadSrc: STAGED_ORDERS });
      }
    }
    versions += page.length;
  }
  return versions;
}
