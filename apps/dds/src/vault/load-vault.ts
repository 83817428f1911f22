import { STAGED_ORDERS } from '@app/contracts/topics';
import { insertRows, type VaultRows } from '@app/data-vault/vault-rows';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import { orderTable, vaultTables } from './vault';

export interface Owner {
  user: string;
  restaurant: string;
}

const loadSrc = STAGED_ORDERS;

/**
 * Loads the hub of orders. A transaction that inserts an order holds back others with the same order until it ends; so
 * a transaction that finds an order stored finds its owner stored, too.
 * @param rows in the order of their arrival: `order_dt` is that of the first
 * @param orders their hash keys
 * @returns the owners of the orders that were there before, by hash key
 */
export async function loadOrders(
  client: Client,
  rows: VaultRows,
  orders: string[],
): Promise<Map<string, Owner>> {
  const inserted = await insertRows<{ h_order_pk: string }>(client, orderTable, rows, {
    loadSrc,
    returning: 'h_order_pk',
  });
  const added = new Set(inserted.map((row) => row.h_order_pk));
  const known = orders.filter((key) => !added.has(key));
  return known.length > 0 ? ownersOf(client, known) : new Map();
}

/** Each link by itself: rows of two tables are joined on a distributed PostgreSQL only by what it spreads them by. */
async function ownersOf(client: Client, orders: string[]): Promise<Map<string, Owner>> {
  const { rows } = await client.query<{ order: string } & Partial<Owner>>({
    name: 'owners',
    text: /* sql */ `
      SELECT h_order_pk AS order, h_user_pk AS user, NULL::uuid AS restaurant FROM dds.l_order_user
      WHERE h_order_pk = ANY ($1::uuid[])
      UNION ALL
      SELECT h_order_pk, NULL, h_restaurant_pk FROM dds.l_order_restaurant WHERE h_order_pk = ANY ($1::uuid[])`,
    values: [orders],
  });
  const users = new Map(rows.flatMap(({ order, user }) => (user ? [[order, user]] : [])));
  return new Map(
    rows.flatMap(({ order, restaurant }) =>
      restaurant ? [[order, { user: users.get(order)!, restaurant }]] : [],
    ),
  );
}

/** Loads rows of all tables but `h_order`, one statement a table that has any. */
export async function loadVault(client: Client, rows: VaultRows): Promise<void> {
  await together(...vaultTables.map((table) => insertRows(client, table, rows, { loadSrc })));
}
