import { decimalText } from '@app/contracts/exact-number';
import { orderStatuses, type OrderStatus } from '@app/contracts/contract.rules';
import { canonicalTime } from '@app/contracts/source-time';
import { hashdiff, hashKey, joinParts } from '@app/data-vault/hash-key';
import type { StagedProduct, StagedRestaurant, StagedUser } from '@app/contracts/staged-order.contract';
import { Rows } from '@app/warehouse/bulk-insert';
import type { OrderKeys } from './order-keys';
import type { EnrichedOrder } from './read-staged-order';
import { vaultTables, type VaultTableName } from './vault-tables';

export type VaultRows = Record<VaultTableName, Rows>;

function noRows(): VaultRows {
  return Object.fromEntries(Object.keys(vaultTables).map((table) => [table, new Rows()])) as VaultRows;
}

/** The rows of `h_order`: of each order what the first of its versions tells. */
export function orderHubRows(orders: EnrichedOrder[]): Rows {
  const rows = new Rows();
  for (const { staged, keys } of orders) {
    rows.add(keys.order, keys.order, keys.orderId, canonicalTime(staged.payload.date)!);
  }
  return rows;
}

/**
 * The rows of the vault that order versions alone stand for, all but those of `h_order`; each row once. Which versions are together in
 * a batch makes no difference to the rows.
 */
export function orderRows(orders: EnrichedOrder[]): VaultRows {
  const rows = noRows();
  for (const order of orders) {
    addOrder(rows, order);
    addLines(rows, order);
  }
  return rows;
}

/** The rows that facts of the dictionary stand for: hubs, links and satellites that many orders share. */
export function factRows(facts: Facts): VaultRows {
  const rows = noRows();
  for (const addRows of facts.values()) {
    addRows(rows);
  }
  return rows;
}

/** What the dictionary said, each thing as one text, with what it adds to the rows. */
export type Facts = Map<string, (rows: VaultRows) => void>;

/** What the dictionary said of the users, restaurants and dishes of the orders. */
export function factsOf(orders: EnrichedOrder[], isKnown: (fact: string) => boolean): Facts {
  const facts: Facts = new Map();
  const add = (fact: string, addRows: (rows: VaultRows) => void) => {
    if (!facts.has(fact) && !isKnown(fact)) {
      facts.set(fact, addRows);
    }
  };
  for (const { staged, keys } of orders) {
    const { user, restaurant, products } = staged.payload;
    add(joinParts(['user', user.id, user.name, user.login, user.valid_from]), (rows) =>
      addUser(rows, user, keys),
    );
    add(joinParts(['restaurant', restaurant.id, restaurant.name, restaurant.valid_from]), (rows) =>
      addRestaurant(rows, restaurant, keys),
    );
    for (const dish of products) {
      const { id, name, category, valid_from: said } = dish;
      add(joinParts(['dish', restaurant.id, id, name, category, said]), (rows) =>
        addDish(rows, dish, restaurant, keys),
      );
    }
  }
  return facts;
}

function addUser(rows: VaultRows, user: StagedUser, keys: OrderKeys): void {
  const validFrom = canonicalTime(user.valid_from)!;
  const diff = hashdiff('s_user_names', user.name, user.login);
  rows.h_user.add(keys.user, keys.user, user.id);
  rows.s_user_names.add(
    `${keys.user} ${validFrom} ${diff}`,
    keys.user,
    user.name,
    user.login,
    validFrom,
    diff,
  );
}

function addRestaurant(rows: VaultRows, restaurant: StagedRestaurant, keys: OrderKeys): void {
  const validFrom = canonicalTime(restaurant.valid_from)!;
  const diff = hashdiff('s_restaurant_names', restaurant.name);
  rows.h_restaurant.add(keys.restaurant, keys.restaurant, restaurant.id);
  rows.s_restaurant_names.add(
    `${keys.restaurant} ${validFrom} ${diff}`,
    keys.restaurant,
    restaurant.name,
    validFrom,
    diff,
  );
}

function addDish(
  rows: VaultRows,
  { id, name, category, valid_from: said }: StagedProduct,
  restaurant: StagedRestaurant,
  keys: OrderKeys,
): void {
  const product = keys.products.get(id)!;
  const validFrom = canonicalTime(said)!;
  const nameDiff = hashdiff('s_product_names', name);
  rows.h_product.add(product, product, id);
  rows.s_product_names.add(`${product} ${validFrom} ${nameDiff}`, product, name, validFrom, nameDiff);

  const inRestaurant = hashKey('l_product_restaurant', id, restaurant.id);
  rows.l_product_restaurant.add(inRestaurant, inRestaurant, product, keys.restaurant);

  const categoryKey = keys.categories.get(category)!;
  const inCategory = hashKey('l_product_category', id, category);
  const categoryDiff = hashdiff('s_product_category', category);
  rows.h_category.add(categoryKey, categoryKey, category);
  rows.l_product_category.add(inCategory, inCategory, product, categoryKey);
  rows.s_product_category.add(
    `${inCategory} ${validFrom} ${categoryDiff}`,
    inCategory,
    validFrom,
    categoryDiff,
  );
}

/** One of the five statuses of an order is the only attribute. */
const statusDiffs = Object.fromEntries(
  orderStatuses.map((status) => [status, hashdiff('s_order_status', status)]),
) as Record<OrderStatus, string>;

function addOrder(rows: VaultRows, { staged, keys }: EnrichedOrder): void {
  const { payload } = staged;
  const version = payload.order_version;
  const validFrom = canonicalTime(payload.update_ts)!;

  const ofUser = hashKey('l_order_user', keys.orderId, payload.user.id);
  rows.l_order_user.add(ofUser, ofUser, keys.order, keys.user);
  const atRestaurant = hashKey('l_order_restaurant', keys.orderId, payload.restaurant.id);
  rows.l_order_restaurant.add(atRestaurant, atRestaurant, keys.order, keys.restaurant);

  for (const { status, dttm } of payload.statuses) {
    const time = canonicalTime(dttm)!;
    const diff = statusDiffs[status];
    rows.s_order_status.add(`${keys.order} ${time} ${diff}`, keys.order, status, time, diff);
  }

  const cost = decimalText(payload.cost)!;
  const payment = decimalText(payload.payment)!;
  rows.s_order_cost.add(
    `${keys.order} ${version}`,
    keys.order,
    version,
    cost,
    payment,
    validFrom,
    hashdiff('s_order_cost', cost, payment),
  );

  const details = [
    payload.status,
    canonicalTime(payload.date)!,
    canonicalTime(staged.sent_dttm)!,
    decimalText(payload.bonus_payment)!,
    decimalText(payload.bonus_grant)!,
  ] as const;
  rows.s_order_details.add(
    `${keys.order} ${version}`,
    keys.order,
    version,
    ...details,
    validFrom,
    hashdiff('s_order_details', ...details),
  );
}

function addLines(rows: VaultRows, { staged, keys }: EnrichedOrder): void {
  const { products, order_version: version, update_ts: updateTs } = staged.payload;
  products.forEach(({ id, price, quantity, ordered_name: name, category }, place) => {
    const link = hashKey('l_order_product', keys.orderId, id);
    rows.l_order_product.add(link, link, keys.order, keys.products.get(id)!);
    const line = [name, decimalText(price)!, decimalText(quantity)!, category] as const;
    rows.s_order_product.add(
      `${link} ${version} ${String(place + 1).padStart(9, '0')}`,
      link,
      version,
      place + 1,
      ...line,
      canonicalTime(updateTs)!,
      hashdiff('s_order_product', ...line),
    );
  });
}
