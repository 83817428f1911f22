import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
import { SerializationFailure } from '@app/warehouse/sqlstate';
import type { Client } from '@app/warehouse/warehouse';
import { holdUsers } from './hold-users';
import type { IncomingOrder, LedgerOrder } from './read-vault-order';

/** Holds the users of the orders until the transaction ends: whoever changes ledger, counters or tags of a user holds him first. */
export async function lockUsers(client: Client, orders: IncomingOrder[]): Promise<void> {
  const users = new Rows();
  for (const { userId, sourceUserId } of orders) {
    users.add(userId, userId, sourceUserId);
  }
  await bulkInsert(client, insertUsers, users);
  await holdUsers(client, [...users.keys()]);
}

const insertUsers = {
  name: 'insert_users',
  text: /* sql */ `
    INSERT INTO cdm.users (user_id, source_user_id)
    SELECT user_id, source_user_id FROM unnest($1::uuid[], $2::text[]) AS seen (user_id, source_user_id)
    ON CONFLICT (user_id) DO NOTHING`,
};

/** What the ledger holds of the orders, by hash key. */
export async function readLedger(client: Client, orderIds: string[]): Promise<Map<string, LedgerOrder>> {
  const { rows } = await client.query<LedgerOrder>({
    name: 'read_ledger',
    text: /* sql */ `
      SELECT order_id AS "orderId", object_id AS "objectId", order_version AS "version", user_id AS "userId",
        restaurant_id AS "restaurantId", status, order_dt AS "orderDt", cost, payment, product_ids AS "productIds",
        category_ids AS "categoryIds"
      FROM cdm.order_versions WHERE order_id = ANY ($1::uuid[])`,
    values: [orderIds],
  });
  return new Map(rows.map((row) => [row.orderId, row]));
}

/**
 * Writes the newest versions of orders.
 * @throws SerializationFailure when an order that was not there has been written meanwhile under another user, whom nobody holds
 */
export async function writeLedger(client: Client, orders: LedgerOrder[]): Promise<void> {
  const rows = new Rows();
  for (const order of orders) {
    const { orderId, objectId, version, userId, restaurantId, status, orderDt, cost, payment } = order;
    const productIds = `{${order.productIds.join()}}`;
    const categoryIds = `{${order.categoryIds.join()}}`;
    rows.add(
      orderId,
      orderId,
      objectId,
      version,
      userId,
      restaurantId,
      status,
      orderDt,
      cost,
      payment,
      productIds,
      categoryIds,
    );
  }
  const written = await bulkInsert(client, writeLedgerStatement, rows);
  if (written.length !== rows.size) {
    throw new SerializationFailure('an order was written by another transaction at the same time');
  }
}

const writeLedgerStatement = {
  name: 'write_ledger',
  // A list of lists has no array type of its own, so the two lists of an order come as their texts.
  text: /* sql */ `
    INSERT INTO cdm.order_versions AS ledger
      (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment, product_ids, category_ids)
    SELECT order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment,
      product_ids::uuid[], category_ids::uuid[]
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamp[], $8::numeric[],
      $9::numeric[], $10::text[], $11::text[])
      AS newest (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment, product_ids,
        category_ids)
    ON CONFLICT (order_id) DO UPDATE SET
      order_version = EXCLUDED.order_version, status = EXCLUDED.status, order_dt = EXCLUDED.order_dt, cost = EXCLUDED.cost,
      payment = EXCLUDED.payment, product_ids = EXCLUDED.product_ids, category_ids = EXCLUDED.category_ids,
      change_id = EXCLUDED.change_id, load_dt = now()
    WHERE ledger.user_id = EXCLUDED.user_id AND ledger.restaurant_id = EXCLUDED.restaurant_id
      AND ledger.order_version < EXCLUDED.order_version
    RETURNING order_id`,
};
