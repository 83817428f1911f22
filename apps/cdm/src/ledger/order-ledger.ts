import { declarationOf } from '@app/data-vault/columns';
import { binaryArray, type ArrayType } from '@app/warehouse/binary-array';
import { Columns, columns } from '@app/warehouse/columns';
import { SerializationFailure } from '@app/warehouse/sqlstate';
import type { Client } from '@app/warehouse/warehouse';
import { OrderVersion } from '../entities/order-versions.entity';
import { holdOnConflict } from './hold-users';
import type { IncomingOrder, LedgerOrder } from './read-vault-order';

const seenUsers = columns({ user_id: 'uuid', source_user_id: 'text' }, 'user_id');

/**
 * Holds the users of the orders until the transaction ends: what changes ledger, counters or tags of a user holds them
 * first.
 * @returns the users that are new, by hash key
 */
export async function lockUsers(client: Client, orders: IncomingOrder[]): Promise<string[]> {
  const users = orders.map(({ userId, sourceUserId }) => ({ user_id: userId, source_user_id: sourceUserId }));
  const added = await seenUsers.run<{ user_id: string }>(client, insertUsers, users);
  return added.map(({ user_id }) => user_id);
}

const insertUsers = {
  name: 'insert_users',
  text: /* sql */ `
    INSERT INTO cdm.users AS held (user_id, source_user_id)
    SELECT user_id, source_user_id FROM ${seenUsers.unnest('seen')}
    ${holdOnConflict}
    RETURNING user_id`,
};

/** Of what is known of an order, the column of the ledger; a list of numbers as their texts, which have every digit. */
const columnOf: Record<keyof LedgerOrder, string> = {
  orderKey: 'order_id',
  orderId: 'object_id',
  version: 'order_version',
  userId: 'user_id',
  restaurantId: 'restaurant_id',
  status: 'status',
  orderDt: 'order_dt',
  cost: 'cost',
  payment: 'payment',
  productIds: 'product_ids',
  categoryIds: 'category_ids',
  quantities: 'quantities::text[]',
  amounts: 'amounts::text[]',
};
const known = Object.entries(columnOf).map(([name, column]) => `${column} AS "${name}"`);

/** What the ledger holds of the orders, by hash key. */
export async function readLedger(client: Client, orderKeys: string[]): Promise<Map<string, LedgerOrder>> {
  const { rows } = await client.query<LedgerOrder>({
    name: 'read_ledger',
    text: /* sql */ `
      SELECT ${known.join(', ')} FROM cdm.order_versions WHERE order_id = ANY ($1::uuid[])`,
    values: [binaryArray('uuid', orderKeys)],
  });
  return new Map(rows.map((row) => [row.orderKey, row]));
}

/** A row of the ledger as it is written: lists as their texts, since a list of lists has no array type of its own. */
type LedgerRow = Record<Exclude<keyof OrderVersion, 'change_id' | 'load_dt'>, string>;

export const ledger = declarationOf(OrderVersion).columns;
const written = new Columns<LedgerRow>(
  ledger.map(({ name, type, isKey, array }) => ({ name, type: array ? 'text' : (type as ArrayType), isKey })),
);

/**
 * Writes the newest versions of orders.
 * @throws SerializationFailure when an order that was not there has been written meanwhile under another user, whom
 *   nobody holds
 */
export async function writeLedger(client: Client, orders: LedgerOrder[]): Promise<void> {
  const rows = orders.map((order) => ({
    order_id: order.orderKey,
    object_id: order.orderId,
    order_version: order.version,
    user_id: order.userId,
    restaurant_id: order.restaurantId,
    status: order.status,
    order_dt: order.orderDt,
    cost: order.cost,
    payment: order.payment,
    product_ids: `{${order.productIds.join()}}`,
    category_ids: `{${order.categoryIds.join()}}`,
    quantities: `{${order.quantities.join()}}`,
    amounts: `{${order.amounts.join()}}`,
  }));
  const newer = await written.change(client, writeStatement, rows);
  if (newer !== rows.length) {
    throw new SerializationFailure('an order was written by another transaction at the same time');
  }
}

/** All but whose order it is, which never changes. */
const changing = ledger
  .map(({ name }) => name)
  .filter((name) => !['order_id', 'object_id', 'user_id', 'restaurant_id'].includes(name));

/** By the name of the key: on a distributed PostgreSQL it has the user too. */
const writeStatement = {
  name: 'write_ledger',
  text: /* sql */ `
    INSERT INTO cdm.order_versions AS ledger (${written.names})
    SELECT ${ledger.map(({ name, type, array }) => (array ? `${name}::${type}[]` : name)).join(', ')}
    FROM ${written.unnest('newest')}
    ON CONFLICT ON CONSTRAINT order_versions_pkey DO UPDATE SET
      ${[...changing, 'change_id', 'load_dt'].map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
    WHERE ledger.user_id = EXCLUDED.user_id AND ledger.restaurant_id = EXCLUDED.restaurant_id
      AND ledger.order_version < EXCLUDED.order_version`,
};
