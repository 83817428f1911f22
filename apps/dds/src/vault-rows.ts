import { decimalText } from '@app/contracts/exact-number';
import { canonicalTime } from '@app/contracts/source-time';
import { hashdiff, hashKey } from '@app/data-vault/hash-key';
import { Rows } from '@app/warehouse/bulk-insert';
import type { EnrichedOrder } from './read-staged-order';
import { vaultTables, type VaultTableName } from './vault-tables';

export type VaultRows = Record<VaultTableName, Rows>;

/**
 * The rows of the vault that order versions stand for, all but those of `h_order`; each row once. Which versions are together in a
 * batch makes no difference to the rows.
 */
export function vaultRows(orders: EnrichedOrder[]): VaultRows {
  const rows = Object.fromEntries(Object.keys(vaultTables).map((table) => [table, new Rows()])) as VaultRows;
  for (const order of orders) {
    addDictionary(rows, order);
    addOrder(rows, order);
    addLines(rows, order);
  }
  return rows;
}

function addDictionary(rows: VaultRows, { staged, keys }: EnrichedOrder): void {
  const { user, restaurant } = staged.payload;
  const userTime = canonicalTime(user.valid_from)!;
  const userDiff = hashdiff('s_user_names', user.name, user.login);
  rows.h_user.add(keys.user, keys.user, user.id);
  rows.s_user_names.add(
    `${keys.user} ${userTime} ${userDiff}`,
    keys.user,
    user.name,
    user.login,
    userTime,
    userDiff,
  );

  const restaurantTime = canonicalTime(restaurant.valid_from)!;
  const restaurantDiff = hashdiff('s_restaurant_names', restaurant.name);
  rows.h_restaurant.add(keys.restaurant, keys.restaurant, restaurant.id);
  rows.s_restaurant_names.add(
    `${keys.restaurant} ${restaurantTime} ${restaurantDiff}`,
    keys.restaurant,
    restaurant.name,
    restaurantTime,
    restaurantDiff,
  );

  for (const { id, name, category, valid_from: said } of staged.payload.products) {
    const product = keys.products.get(id)!;
    const menuTime = canonicalTime(said)!;
    const nameDiff = hashdiff('s_product_names', name);
    rows.h_product.add(product, product, id);
    rows.s_product_names.add(`${product} ${menuTime} ${nameDiff}`, product, name, menuTime, nameDiff);

    const inRestaurant = hashKey('l_product_restaurant', id, restaurant.id);
    rows.l_product_restaurant.add(inRestaurant, inRestaurant, product, keys.restaurant);

    const categoryKey = keys.categories.get(category)!;
    const inCategory = hashKey('l_product_category', id, category);
    const categoryDiff = hashdiff('s_product_category', category);
    rows.h_category.add(categoryKey, categoryKey, category);
    rows.l_product_category.add(inCategory, inCategory, product, categoryKey);
    rows.s_product_category.add(
      `${inCategory} ${menuTime} ${categoryDiff}`,
      inCategory,
      menuTime,
      categoryDiff,
    );
  }
}

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
    const diff = hashdiff('s_order_status', status);
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
