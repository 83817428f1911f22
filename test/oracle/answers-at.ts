import { hashKey } from './hash-key';
import {
  decimalOf,
  newestVersions,
  productsOf,
  datedProductNames,
  datedRestaurantName,
  units,
} from './marts';
import { namesAt, updateTs } from './figures-at';
import { shortTime } from './source-time';
import type { Version } from './staging';

/** Which orders a question of the API is about, by source ids and names. Times are those of the source. */
export interface AskedFilter {
  restaurant_id?: string;
  category?: string;
  from?: string;
  to?: string;
}

export interface AskedOrders extends AskedFilter {
  product_id?: string;
  status?: string;
}

interface Order {
  version: Required<Version>;
  date: string;
  isClosed: boolean;
  /** Category by product, both by hash key. */
  products: Map<string, string>;
}

interface Answer {
  id: string;
  name: string;
  value: number;
}

/** What the API answers about a moment, from the versions that were known then. */
export class AnswersAt {
  private readonly orders: Order[];
  private readonly products: Map<string, string>;
  private readonly restaurants: Map<string, string>;
  private readonly categories: Map<string, string>;

  /** @param trueAt a time of the source with six fraction digits; undefined: all is true */
  constructor(known: Required<Version>[], trueAt = '9999') {
    this.orders = newestVersions(known.filter(({ order }) => updateTs(order.version) <= trueAt)).map(
      (version) => ({
        version,
        date: version.order.date,
        isClosed: version.order.finalStatus === 'CLOSED',
        products: productsOf(version),
      }),
    );
    this.products = namesAt(known.flatMap(datedProductNames), trueAt);
    this.restaurants = namesAt(known.map(datedRestaurantName), trueAt);
    const categories = known.flatMap(({ enrichment }) => enrichment.dishes.map(({ dish }) => dish.category));
    this.categories = new Map(categories.map((name) => [hashKey('h_category', name), name]));
  }

  popularCategories(by: 'orders' | 'users', filter: AskedFilter): object[] {
    return this.popular(by, filter, this.categories, (order) => categoriesOf(order, filter));
  }

  popularProducts(by: 'orders' | 'users', filter: AskedFilter): object[] {
    return this.popular(by, filter, this.products, (order) =>
      [...order.products].filter(([, category]) => isAsked(category, filter)).map(([product]) => product),
    );
  }

  popularRestaurants(by: 'orders' | 'users', filter: AskedFilter): object[] {
    const found = this.popular(by, filter, this.restaurants, (order) => [restaurantOf(order)]);
    return found.map((answer) => {
      const own = this.closed(filter).filter((order) => restaurantOf(order) === answer.id);
      const categories = ranked(own, by, this.categories, (order) => categoriesOf(order, filter));
      return { ...answer, categories };
    });
  }

  summary(filter: AskedFilter): object {
    const orders = this.matching(filter);
    const closed = orders.filter(({ isClosed }) => isClosed);
    const cost = sumOf(closed.map(({ version }) => version.order.cost));
    const count = BigInt(closed.length);
    return {
      orders: orders.length,
      closed_orders: closed.length,
      closed_share: orders.length === 0 ? null : closed.length / orders.length,
      users: numberOf(closed, 'users'),
      revenue: decimalOf(sumOf(closed.map(({ version }) => version.order.payment))),
      average_bill: count === 0n ? null : decimalOf((2n * cost + count) / (2n * count)),
      newest_order_at:
        orders.length === 0
          ? null
          : shortTime(
              orders
                .map(({ date }) => date)
                .sort()
                .at(-1)!,
            ),
    };
  }

  /** By day; days without an order are left out. */
  timeline(filter: AskedFilter): object[] {
    const found = this.matching(filter);
    const days = [...new Set(found.map(({ date }) => date.slice(0, 10)))].sort();
    return days.map((day) => {
      const orders = found.filter(({ date }) => date.startsWith(day));
      const closed = orders.filter(({ isClosed }) => isClosed);
      return {
        start: `${day} 00:00:00`,
        orders: orders.length,
        closed_orders: closed.length,
        revenue: decimalOf(sumOf(closed.map(({ version }) => version.order.payment))),
      };
    });
  }

  /** The newest first. */
  listed(filter: AskedOrders): object[] {
    return this.listedOrders(filter)
      .sort((one, other) =>
        one.date === other.date
          ? Number(BigInt(other.version.order.orderId) - BigInt(one.version.order.orderId))
          : one.date < other.date
            ? 1
            : -1,
      )
      .map(({ version: { order }, date }) => ({
        order_id: order.orderId,
        ordered_at: shortTime(date),
        restaurant: {
          id: hashKey('h_restaurant', order.restaurantId),
          name: this.restaurants.get(hashKey('h_restaurant', order.restaurantId)),
        },
        status: order.finalStatus,
        cost: order.cost,
        payment: order.payment,
      }));
  }

  sums(filter: AskedOrders): object {
    const orders = this.listedOrders(filter);
    const closed = orders.filter(({ isClosed }) => isClosed);
    return {
      orders: orders.length,
      closed_orders: closed.length,
      revenue: decimalOf(sumOf(closed.map(({ version }) => version.order.payment))),
    };
  }

  private listedOrders({ product_id, status, ...filter }: AskedOrders): Order[] {
    const product = product_id && hashKey('h_product', product_id);
    return this.matching(filter).filter(({ version, products }) => {
      const category = product === undefined ? undefined : products.get(product);
      const hasProduct = product === undefined || (category !== undefined && isAsked(category, filter));
      return hasProduct && (status === undefined || version.order.finalStatus === status);
    });
  }

  private popular(
    by: 'orders' | 'users',
    filter: AskedFilter,
    names: Map<string, string>,
    thingsOf: (order: Order) => string[],
  ): (Answer & { share: number })[] {
    const closed = this.closed(filter);
    return ranked(closed, by, names, thingsOf).map((answer) => ({
      ...answer,
      share: answer.value / numberOf(closed, by),
    }));
  }

  private closed(filter: AskedFilter): Order[] {
    return this.matching(filter).filter(({ isClosed }) => isClosed);
  }

  private matching(filter: AskedFilter): Order[] {
    const { restaurant_id, category, from, to } = filter;
    return this.orders.filter(
      (order) =>
        (restaurant_id === undefined || order.version.order.restaurantId === restaurant_id) &&
        (category === undefined || categoriesOf(order, filter).length > 0) &&
        (from === undefined || order.date >= from) &&
        (to === undefined || order.date < to),
    );
  }
}

function ranked(
  orders: Order[],
  by: 'orders' | 'users',
  names: Map<string, string>,
  thingsOf: (order: Order) => string[],
): Answer[] {
  const found = new Map<string, Order[]>();
  for (const order of orders) {
    for (const id of new Set(thingsOf(order))) {
      found.set(id, [...(found.get(id) ?? []), order]);
    }
  }
  return Array.from(found, ([id, all]) => ({ id, name: names.get(id)!, value: numberOf(all, by) })).sort(
    (one, other) =>
      other.value - one.value ||
      Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)) ||
      (one.id < other.id ? -1 : 1),
  );
}

function numberOf(orders: Order[], by: 'orders' | 'users'): number {
  return by === 'orders' ? orders.length : new Set(orders.map(({ version }) => version.order.userId)).size;
}

function categoriesOf({ products }: Order, filter: AskedFilter): string[] {
  return [...products.values()].filter((category) => isAsked(category, filter));
}

function isAsked(categoryKey: string, { category }: AskedFilter): boolean {
  return category === undefined || categoryKey === hashKey('h_category', category);
}

function restaurantOf({ version }: Order): string {
  return hashKey('h_restaurant', version.order.restaurantId);
}

function sumOf(decimals: string[]): bigint {
  return decimals.reduce((sum, one) => sum + units(one), 0n);
}
