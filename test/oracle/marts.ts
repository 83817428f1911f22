import { hashKey } from './hash-key';
import type { Row, Tables } from './rows';
import type { OrderLine } from './source-message';
import { shortTime } from './source-time';
import type { Version } from './staging';

interface LedgerOrder {
  version: Required<Version>;
  /** Category by product, both by hash key. */
  products: Map<string, string>;
}

/** The marts of order versions, from the newest version of each order. */
export function marts(versions: Required<Version>[]): Tables {
  const ledger = newestVersions(versions).map(ledgerOrder);
  const closed = ledger.filter(({ version }) => version.order.finalStatus === 'CLOSED');
  const productNames = newestNames(versions.flatMap(datedProductNames));
  const restaurantNames = newestNames(versions.map(datedRestaurantName));
  const categoryNames = new Map(versions.flatMap(toldCategories));
  return {
    'cdm.users': users(versions, closed),
    'cdm.order_versions': ledger.map(ledgerRow),
    ...counters(closed, productNames, restaurantNames, categoryNames),
    'cdm.category_popularity': popularity(closed, ({ products }) => products.values()).map(
      ({ id, ...counts }) => ({
        category_id: id,
        category_name: categoryNames.get(id)!,
        ...counts,
      }),
    ),
    'cdm.product_popularity': popularity(closed, ({ products }) => products.keys()).map(
      ({ id, ...counts }) => ({
        product_id: id,
        ...counts,
      }),
    ),
    'cdm.daily_sales': dailySales(ledger),
    'cdm.product_names': Array.from(productNames, ([product_id, { name, validFrom }]) => ({
      product_id,
      product_name: name,
      valid_from: shortTime(validFrom),
      spreading: 'false',
    })),
    'cdm.restaurant_names': Array.from(restaurantNames, ([restaurant_id, { name, validFrom }]) => ({
      restaurant_id,
      restaurant_name: name,
      valid_from: shortTime(validFrom),
      spreading: 'false',
    })),
  };
}

function ledgerOrder(version: Required<Version>): LedgerOrder {
  return { version, products: productsOf(version) };
}

/** Category by product, both by hash key. */
export function productsOf(version: Required<Version>): Map<string, string> {
  return new Map(
    version.order.lines.map(({ id }, place) => [
      hashKey('h_product', id),
      hashKey('h_category', version.enrichment.dishes[place]!.dish.category),
    ]),
  );
}

function users(versions: Required<Version>[], closed: LedgerOrder[]): Row[] {
  const closedOrders = new Map<string, number>();
  for (const { version } of closed) {
    closedOrders.set(version.order.userId, (closedOrders.get(version.order.userId) ?? 0) + 1);
  }
  return Array.from(new Set(versions.map(({ order }) => order.userId)), (userId) => ({
    user_id: hashKey('h_user', userId),
    source_user_id: userId,
    closed_order_cnt: String(closedOrders.get(userId) ?? 0),
  }));
}

function counters(
  closed: LedgerOrder[],
  productNames: Map<string, DatedName>,
  restaurantNames: Map<string, DatedName>,
  categoryNames: Map<string, string>,
): Tables {
  const userProducts = new Counter();
  const userCategories = new Counter();
  const restaurantCategories = new Counter();
  for (const { version, products } of closed) {
    const user = hashKey('h_user', version.order.userId);
    const restaurant = hashKey('h_restaurant', version.order.restaurantId);
    for (const product of products.keys()) {
      userProducts.add(user, product);
    }
    for (const category of new Set(products.values())) {
      userCategories.add(user, category);
      restaurantCategories.add(restaurant, category);
    }
  }
  return {
    'cdm.user_product_counters': userProducts.rows((user_id, product_id) => ({
      user_id,
      product_id,
      product_name: productNames.get(product_id)!.name,
    })),
    'cdm.user_category_counters': userCategories.rows((user_id, category_id) => ({
      user_id,
      category_id,
      category_name: categoryNames.get(category_id)!,
    })),
    'cdm.restaurant_category_counters': restaurantCategories.rows((restaurant_id, category_id) => ({
      restaurant_id,
      restaurant_name: restaurantNames.get(restaurant_id)!.name,
      category_id,
      category_name: categoryNames.get(category_id)!,
    })),
  };
}

/** How many orders have a thing, and how many users these have. */
function popularity(
  closed: LedgerOrder[],
  thingsOf: (order: LedgerOrder) => Iterable<string>,
): { id: string; order_cnt: string; user_cnt: string }[] {
  const orders = new Map<string, LedgerOrder[]>();
  for (const order of closed) {
    for (const id of new Set(thingsOf(order))) {
      orders.set(id, [...(orders.get(id) ?? []), order]);
    }
  }
  return Array.from(orders, ([id, all]) => ({
    id,
    order_cnt: String(all.length),
    user_cnt: String(new Set(all.map(({ version }) => version.order.userId)).size),
  }));
}

function dailySales(ledger: LedgerOrder[]): Row[] {
  const orders = new Map<string, LedgerOrder[]>();
  for (const order of ledger) {
    const { date, restaurantId } = order.version.order;
    const key = `${date.slice(0, 10)} ${restaurantId}`;
    orders.set(key, [...(orders.get(key) ?? []), order]);
  }
  return Array.from(orders, ([key, all]) => {
    const closed = all.filter(({ version }) => version.order.finalStatus === 'CLOSED');
    return {
      day: key.slice(0, 10),
      restaurant_id: hashKey('h_restaurant', key.slice(11)),
      order_cnt: String(all.length),
      closed_order_cnt: String(closed.length),
      cost: sumOf(closed.map(({ version }) => version.order.cost)),
      payment: sumOf(closed.map(({ version }) => version.order.payment)),
    };
  });
}

function sumOf(decimals: string[]): string {
  return decimalOf(decimals.reduce((sum, one) => sum + units(one), 0n));
}

/** A decimal with at most five places, not negative, in hundred thousandths. */
export function units(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(5, '0'));
}

/** Without trailing zeros. */
export function decimalOf(amount: bigint): string {
  const digits = String(amount).padStart(6, '0');
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`.replace(/\.?0+$/, '');
}

/** Of each order the version whose text is the greatest. */
export function newestVersions<One extends Version>(versions: One[]): One[] {
  const newest = new Map<string, One>();
  for (const version of versions) {
    const { orderId } = version.order;
    const known = newest.get(orderId);
    if (!known || known.order.version < version.order.version) {
      newest.set(orderId, version);
    }
  }
  return [...newest.values()];
}

function ledgerRow({ version, products }: LedgerOrder): Row {
  const { order } = version;
  const pairs = [...products].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    order_id: hashKey('h_order', order.orderId),
    object_id: order.orderId,
    order_version: order.version,
    user_id: hashKey('h_user', order.userId),
    restaurant_id: hashKey('h_restaurant', order.restaurantId),
    status: order.finalStatus,
    order_dt: shortTime(order.date),
    cost: order.cost,
    payment: order.payment,
    products: pairs
      .map(([product, category]) => `${product} ${category} ${totalOf(order.lines, product)}`)
      .join(', '),
  };
}

/** How many of a product, and their price. */
function totalOf(lines: OrderLine[], product: string): string {
  const those = lines
    .filter(({ id }) => hashKey('h_product', id) === product)
    .map(({ price, quantity }) => ({ price: units(price), quantity: BigInt(quantity) }));
  const quantity = those.reduce((sum, line) => sum + line.quantity, 0n);
  const amount = those.reduce((sum, line) => sum + line.price * line.quantity, 0n);
  return `${quantity} ${decimalOf(amount)}`;
}

export interface DatedName {
  id: string;
  name: string;
  validFrom: string;
}

export function datedProductNames({ order, enrichment }: Required<Version>): DatedName[] {
  return order.lines.map(({ id }, place) => {
    const { dish, entry } = enrichment.dishes[place]!;
    return { id: hashKey('h_product', id), name: dish.name, validFrom: entry.validFrom };
  });
}

export function datedRestaurantName({ order, enrichment }: Required<Version>): DatedName {
  const { content, validFrom } = enrichment.restaurant;
  return { id: hashKey('h_restaurant', order.restaurantId), name: content.name, validFrom };
}

/** Each category that a version was enriched with, and its name. */
function toldCategories({ enrichment }: Required<Version>): [id: string, name: string][] {
  return enrichment.dishes.map(({ dish }) => [hashKey('h_category', dish.category), dish.category]);
}

/** The newest by dictionary time, then the greater name byte for byte. */
function newestNames(names: DatedName[]): Map<string, DatedName> {
  const newest = new Map<string, DatedName>();
  for (const given of names) {
    const known = newest.get(given.id);
    const isNewer =
      !known ||
      known.validFrom < given.validFrom ||
      (known.validFrom === given.validFrom &&
        Buffer.compare(Buffer.from(known.name), Buffer.from(given.name)) < 0);
    if (isNewer) {
      newest.set(given.id, given);
    }
  }
  return newest;
}

/** Orders by two parts of a grain. */
class Counter {
  private readonly orders = new Map<string, number>();

  add(first: string, second: string): void {
    const grain = `${first} ${second}`;
    this.orders.set(grain, (this.orders.get(grain) ?? 0) + 1);
  }

  rows(describe: (first: string, second: string) => Row): Row[] {
    return Array.from(this.orders, ([grain, count]) => {
      const [first = '', second = ''] = grain.split(' ');
      return { ...describe(first, second), order_cnt: String(count) };
    });
  }
}
