import { STAGED_ORDERS } from '@app/contracts/topics';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { insertRows } from '@app/data-vault/vault-rows';
import type { Client } from '@app/warehouse/warehouse';
import { factsOf, textsOf } from '../facts/facts';
import { KnownFacts } from '../facts/known-facts';
import { orderKeys } from '../order/order-keys';
import type { EnrichedOrder } from '../order/read-staged-order';
import { factRows, orderHubRows, orderRows, orderTable, vaultTables } from './vault';

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
    const read = page.map((staged): EnrichedOrder => ({ kind: 'order', staged, keys: orderKeys(staged) }));
    const facts = factsOf(read, (fact) => known.has(fact));
    known.remember(textsOf(facts));
    for (const rows of [orderHubRows(read), factRows(facts), orderRows(read)]) {
      for (const table of [orderTable, ...vaultTables]) {
        await insertRows(client, table, rows, { schema, loadSrc: STAGED_ORDERS });
      }
    }
    versions += page.length;
  }
  return versions;
}
