import { hashKey } from './hash-key';
import { RowSet, type Row, type Tables } from './rows';
import type { Order } from './source-message';
import { shortTime } from './source-time';
import type { Version } from './staging';

const tables = [
  'h_user',
  'h_restaurant',
  'h_product',
  'h_category',
  'h_order',
  'l_order_user',
  'l_order_restaurant',
  'l_order_product',
  'l_product_restaurant',
  'l_product_category',
  's_user_names',
  's_restaurant_names',
  's_product_names',
  's_product_category',
  's_order_status',
  's_order_cost',
  's_order_details',
  's_order_product',
] as const;

type VaultRows = Record<(typeof tables)[number], RowSet>;

/** The Data Vault of order versions: each says which rows there are, and a row that several say is there once. */
export function vault(versions: Required<Version>[]): Tables {
  const rows = Object.fromEntries(tables.map((table) => [table, new RowSet()])) as VaultRows;
  const dates = new Map<string, string[]>();
  for (const { order } of versions) {
    dates.set(order.orderId, [...(dates.get(order.orderId) ?? []), shortTime(order.date)]);
  }
  for (const version of versions) {
    const { orderId } = version.order;
    rows.h_order.add({
      h_order_pk: hashKey('h_order', orderId),
      order_id: orderId,
      order_dt: oneOf(dates.get(orderId)!),
    });
    addUser(rows, version);
    addRestaurant(rows, version);
    addStatuses(rows, version);
    addCost(rows, version);
    addDetails(rows, version);
    version.order.lines.forEach((_, place) => {
      addProduct(rows, version, place);
      addLine(rows, version, place);
    });
  }
  return Object.fromEntries(tables.map((table): [string, Row[]] => [`dds.${table}`, rows[table].rows()]));
}

/** Which of the dates the hub has, the version decides that was loaded first. */
function oneOf(dates: string[]): string | { oneOf: string[] } {
  const different = [...new Set(dates)].sort();
  return different.length === 1 ? different[0]! : { oneOf: different };
}

function addUser(rows: VaultRows, { order, enrichment }: Required<Version>): void {
  const userPk = hashKey('h_user', order.userId);
  const { validFrom, content } = enrichment.user;
  const { name: username, login: userlogin } = content;
  rows.h_user.add({ h_user_pk: userPk, user_id: order.userId });
  rows.l_order_user.add({
    hk_order_user_pk: hashKey('l_order_user', order.orderId, order.userId),
    h_order_pk: hashKey('h_order', order.orderId),
    h_user_pk: userPk,
  });
  rows.s_user_names.add({
    h_user_pk: userPk,
    username,
    userlogin,
    valid_from: shortTime(validFrom),
    hk_user_names_hashdiff: hashKey('s_user_names', username, userlogin),
  });
}

function addRestaurant(rows: VaultRows, { order, enrichment }: Required<Version>): void {
  const restaurantPk = hashKey('h_restaurant', order.restaurantId);
  const { validFrom, content } = enrichment.restaurant;
  rows.h_restaurant.add({ h_restaurant_pk: restaurantPk, restaurant_id: order.restaurantId });
  rows.l_order_restaurant.add({
    hk_order_restaurant_pk: hashKey('l_order_restaurant', order.orderId, order.restaurantId),
    h_order_pk: hashKey('h_order', order.orderId),
    h_restaurant_pk: restaurantPk,
  });
  rows.s_restaurant_names.add({
    h_restaurant_pk: restaurantPk,
    name: content.name,
    valid_from: shortTime(validFrom),
    hk_restaurant_names_hashdiff: hashKey('s_restaurant_names', content.name),
  });
}

function addStatuses(rows: VaultRows, { order }: Required<Version>): void {
  for (const { status, dttm } of order.statuses) {
    rows.s_order_status.add({
      h_order_pk: hashKey('h_order', order.orderId),
      status,
      valid_from: shortTime(dttm),
      hk_order_status_hashdiff: hashKey('s_order_status', status),
    });
  }
}

function addCost(rows: VaultRows, { order }: Required<Version>): void {
  rows.s_order_cost.add({
    h_order_pk: hashKey('h_order', order.orderId),
    ...ofVersion(order),
    cost: order.cost,
    payment: order.payment,
    hk_order_cost_hashdiff: hashKey('s_order_cost', order.cost, order.payment),
  });
}

function addDetails(rows: VaultRows, { order }: Required<Version>): void {
  const details = {
    final_status: order.finalStatus,
    order_dt: shortTime(order.date),
    sent_dttm: shortTime(order.sentDttm),
    bonus_payment: order.bonusPayment,
    bonus_grant: order.bonusGrant,
  };
  rows.s_order_details.add({
    h_order_pk: hashKey('h_order', order.orderId),
    ...ofVersion(order),
    ...details,
    hk_order_details_hashdiff: hashKey('s_order_details', ...Object.values(details)),
  });
}

/** What the menu says about the product of a line. */
function addProduct(rows: VaultRows, { order, enrichment }: Required<Version>, place: number): void {
  const { id } = order.lines[place]!;
  const { dish, entry } = enrichment.dishes[place]!;
  const productPk = hashKey('h_product', id);
  const categoryPk = hashKey('h_category', dish.category);
  const productCategoryPk = hashKey('l_product_category', id, dish.category);
  rows.h_product.add({ h_product_pk: productPk, product_id: id });
  rows.h_category.add({ h_category_pk: categoryPk, category_name: dish.category });
  rows.l_product_restaurant.add({
    hk_product_restaurant_pk: hashKey('l_product_restaurant', id, order.restaurantId),
    h_product_pk: productPk,
    h_restaurant_pk: hashKey('h_restaurant', order.restaurantId),
  });
  rows.l_product_category.add({
    hk_product_category_pk: productCategoryPk,
    h_product_pk: productPk,
    h_category_pk: categoryPk,
  });
  rows.s_product_names.add({
    h_product_pk: productPk,
    name: dish.name,
    valid_from: shortTime(entry.validFrom),
    hk_product_names_hashdiff: hashKey('s_product_names', dish.name),
  });
  rows.s_product_category.add({
    hk_product_category_pk: productCategoryPk,
    valid_from: shortTime(entry.validFrom),
    hk_product_category_hashdiff: hashKey('s_product_category', dish.category),
  });
}

function addLine(rows: VaultRows, { order, enrichment }: Required<Version>, place: number): void {
  const { id, name, price, quantity } = order.lines[place]!;
  const { category } = enrichment.dishes[place]!.dish;
  const orderProductPk = hashKey('l_order_product', order.orderId, id);
  rows.l_order_product.add({
    hk_order_product_pk: orderProductPk,
    h_order_pk: hashKey('h_order', order.orderId),
    h_product_pk: hashKey('h_product', id),
  });
  rows.s_order_product.add({
    hk_order_product_pk: orderProductPk,
    ...ofVersion(order),
    line: String(place + 1),
    name,
    price,
    quantity,
    category_name: category,
    hk_order_product_hashdiff: hashKey('s_order_product', name, price, quantity, category),
  });
}

function ofVersion({ version, updateTs }: Order): { order_version: string; valid_from: string } {
  return { order_version: version, valid_from: shortTime(updateTs) };
}
