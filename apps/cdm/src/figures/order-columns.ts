import { NumberColumn } from './number-column';

/** A CLOSED order as a copy of the ledger takes it. */
export interface CopiedOrder {
  orderId: bigint;
  userId: string;
  restaurantId: string;
  /** Microseconds since 1970, as if the time of the source were UTC. */
  time: number;
  productIds: string[];
  /** The category of the product at the same place. */
  categoryIds: string[];
  /** Absent where nobody asks for items or money; null where it is not known, or too much to be added up. */
  worth?: OrderWorth | null;
}

/** Money is in hundred thousandths. */
export interface OrderWorth {
  payment: bigint;
  /** Of the product at the same place. */
  quantities: number[];
  amounts: bigint[];
}

/** What orders are counted by. */
export type Grain = 'category' | 'product' | 'restaurant' | 'restaurant category';

/** Which orders count, by hash keys; times as in {@link CopiedOrder}. */
export interface ColumnFilter {
  restaurantId?: string;
  categoryId?: string;
  from?: number;
  to?: number;
}

/** As {@link ColumnFilter}, with orders that have this product; under a category, a line that has both. */
export interface LineFilter extends ColumnFilter {
  productId?: string;
}

export interface Counts {
  /** Distinct orders that count, or their users. */
  total: number;
  /** Of each key how many of them have it; keys of the grain `restaurant category` have both, with a space between. */
  values: Partial<Record<Grain, [key: string, value: number][]>>;
}

/** No order, no restaurant. */
export const NONE = -1;
/** Orders that are counted between two looks at what else is to do: a few milliseconds. */
export const SLICE = 100_000;

/**
 * Orders in columns of numbers, those of a user one after the other: distinct users of anything are counted in one pass
 * that remembers only, for each thing, the user who had it last. About 50 bytes an order, 90 with its worth; a million
 * in some tens of milliseconds.
 */
export class OrderColumns {
  readonly users = new Keys();
  readonly restaurants = new Keys();
  readonly products = new Keys();
  readonly categories = new Keys();
  /** Restaurant and category of a line, as one. */
  private readonly pairs = new Keys();
  readonly pairCategory = new NumberColumn(Int32Array);
  /** By user: their first order, and how many they have. */
  readonly first = new NumberColumn(Int32Array);
  readonly orders = new NumberColumn(Int32Array);
  /**
   * By order: the next one of the user, and what is to be known of it. A restaurant of {@link NONE}: it has been
   * removed.
   */
  readonly next = new NumberColumn(Int32Array);
  private readonly orderId = new NumberColumn(BigInt64Array);
  readonly restaurant = new NumberColumn(Int32Array);
  readonly time = new NumberColumn(Float64Array);
  /** By order: its first line; the first of the next order ends it. */
  readonly line = new NumberColumn(Int32Array);
  readonly lineProduct = new NumberColumn(Int32Array);
  readonly linePair = new NumberColumn(Int32Array);
  /** Filled where each order came with its {@link OrderWorth}. */
  readonly payment = new NumberColumn(BigInt64Array);
  readonly lineQuantity = new NumberColumn(Int32Array);
  readonly lineAmount = new NumberColumn(BigInt64Array);
  private removed = 0;
  private lacking = 0;

  get size(): number {
    return this.orderId.length - this.removed;
  }

  /** Orders that take room, also those that have been removed. */
  get room(): number {
    return this.orderId.length;
  }

  /** Whether items and money can be counted. */
  get hasWorth(): boolean {
    return this.lacking === 0;
  }

  /**
   * The order must not be there.
   * @returns its place, from 0 in the order in which they are added
   */
  add(order: CopiedOrder): number {
    const user = this.users.number(order.userId);
    if (user === this.first.length) {
      this.first.push(NONE);
      this.orders.push(0);
    }
    this.orders.set(user, this.orders.at(user) + 1);
    const restaurant = this.restaurants.number(order.restaurantId);
    const place = this.orderId.push(order.orderId);
    this.next.push(this.first.at(user));
    this.first.set(user, place);
    this.restaurant.push(restaurant);
    this.time.push(order.time);
    this.line.push(this.lineProduct.length);
    order.productIds.forEach((productId, index) => {
      const categoryId = order.categoryIds[index]!;
      const pair = this.pairs.number(`${order.restaurantId} ${categoryId}`);
      if (pair === this.pairCategory.length) {
        this.pairCategory.push(this.categories.number(categoryId));
      }
      this.lineProduct.push(this.products.number(productId));
      this.linePair.push(pair);
    });
    this.addWorth(order);
    return place;
  }

  /** Does nothing where the order is not there. */
  remove(userId: string, orderId: bigint): void {
    const user = this.users.find(userId);
    for (
      let order = user === undefined ? NONE : this.first.at(user);
      order !== NONE;
      order = this.next.at(order)
    ) {
      if (this.orderId.at(order) === orderId && this.restaurant.at(order) !== NONE) {
        this.restaurant.set(order, NONE);
        this.orders.set(user!, this.orders.at(user!) - 1);
        this.removed += 1;
        return;
      }
    }
  }

  /**
   * Counts in slices.
   * @param pause awaited between them; nothing may be added or removed before the end
   * @param counted by place, 0 where the order does not count; undefined: all count
   */
  async count(
    filter: ColumnFilter,
    by: 'orders' | 'users',
    grains: Grain[],
    pause: () => Promise<unknown>,
    counted?: Uint8Array,
  ): Promise<Counts> {
    const tallies = new Map(grains.map((grain) => [grain, new Tally(this.keysOf(grain))]));
    let total = 0;
    for (let user = 0; user < this.first.length;) {
      if (user > 0) {
        await pause();
      }
      const slice = this.countSlice(user, filter, by, tallies, counted);
      total += slice.total;
      user = slice.end;
    }
    return {
      total,
      values: Object.fromEntries(Array.from(tallies, ([grain, tally]) => [grain, tally.values()])),
    };
  }

  /**
   * Counts the orders of one user after the other, until {@link SLICE} of them were seen. One loop without calls: that
   * is a quarter faster.
   * @returns the user after the last one
   */
  private countSlice(
    start: number,
    filter: ColumnFilter,
    by: 'orders' | 'users',
    tallies: ReadonlyMap<Grain, Tally>,
    counted: Uint8Array | undefined,
  ): { total: number; end: number } {
    const byCategory = tallies.get('category');
    const byProduct = tallies.get('product');
    const byRestaurant = tallies.get('restaurant');
    const byPair = tallies.get('restaurant category');
    const restaurantAsked = this.asked(this.restaurants, filter.restaurantId);
    const categoryAsked = this.asked(this.categories, filter.categoryId);
    const { from = -Infinity, to = Infinity } = filter;
    const [first, next, restaurants, times] = [
      this.first.all,
      this.next.all,
      this.restaurant.all,
      this.time.all,
    ];
    const [lines, lineProduct, linePair] = [this.line.all, this.lineProduct.all, this.linePair.all];
    const pairCategory = this.pairCategory.all;
    let total = 0;
    let seen = 0;
    let user = start;
    for (; user < this.first.length && seen < SLICE; user += 1) {
      let isUserCounted = false;
      for (let order = first[user]!; order !== NONE; order = next[order]!) {
        seen += 1;
        const restaurant = restaurants[order]!;
        const isOfRestaurant = restaurantAsked === undefined || restaurant === restaurantAsked;
        const isAsked =
          restaurant !== NONE && isOfRestaurant && (counted === undefined || counted[order] !== 0);
        if (!isAsked || times[order]! < from || times[order]! >= to) {
          continue;
        }
        const unit = by === 'orders' ? order + 1 : user + 1;
        const end = order + 1 < this.orderId.length ? lines[order + 1]! : this.lineProduct.length;
        let counts = categoryAsked === undefined;
        for (let line = lines[order]!; line < end; line += 1) {
          const pair = linePair[line]!;
          const category = pairCategory[pair]!;
          if (categoryAsked === undefined || category === categoryAsked) {
            counts = true;
            byCategory?.count(category, unit);
            byProduct?.count(lineProduct[line]!, unit);
            byPair?.count(pair, unit);
          }
        }
        if (counts) {
          byRestaurant?.count(restaurant, unit);
          total += by === 'orders' || !isUserCounted ? 1 : 0;
          isUserCounted = true;
        }
      }
    }
    return { total, end: user };
  }

  /**
   * Visits the orders that the filter takes, in slices, as {@link count} does; whether they count or not.
   * @param visit gets the place of an order
   */
  async visit(
    filter: LineFilter,
    visit: (place: number) => void,
    pause: () => Promise<unknown>,
  ): Promise<void> {
    const restaurantAsked = this.asked(this.restaurants, filter.restaurantId);
    const categoryAsked = this.asked(this.categories, filter.categoryId);
    const productAsked = this.asked(this.products, filter.productId);
    const { from = -Infinity, to = Infinity } = filter;
    for (let place = 0; place < this.orderId.length; place += 1) {
      if (place > 0 && place % SLICE === 0) {
        await pause();
      }
      const restaurant = this.restaurant.at(place);
      const time = this.time.at(place);
      const isAsked =
        restaurant !== NONE && (restaurantAsked === undefined || restaurant === restaurantAsked);
      if (isAsked && time >= from && time < to && this.hasLine(place, categoryAsked, productAsked)) {
        visit(place);
      }
    }
  }

  idAt(place: number): bigint {
    return this.orderId.at(place);
  }

  timeAt(place: number): number {
    return this.time.at(place);
  }

  restaurantAt(place: number): string {
    return this.restaurants.key(this.restaurant.at(place));
  }

  private hasLine(place: number, category: number | undefined, product: number | undefined): boolean {
    if (category === undefined && product === undefined) {
      return true;
    }
    for (let line = this.line.at(place); line < this.endOfLines(place); line += 1) {
      const isOfCategory =
        category === undefined || this.pairCategory.at(this.linePair.at(line)) === category;
      if (isOfCategory && (product === undefined || this.lineProduct.at(line) === product)) {
        return true;
      }
    }
    return false;
  }

  /** Without it a place is kept, as long as another order has some. */
  private addWorth({ productIds, worth }: CopiedOrder): void {
    this.lacking += worth ? 0 : 1;
    if (worth !== undefined) {
      this.payment.push(worth?.payment ?? 0n);
      productIds.forEach((_, index) => {
        this.lineQuantity.push(worth?.quantities[index] ?? 0);
        this.lineAmount.push(worth?.amounts[index] ?? 0n);
      });
    }
  }

  /** The line after the last one of the order. */
  private endOfLines(place: number): number {
    return place + 1 < this.orderId.length ? this.line.at(place + 1) : this.lineProduct.length;
  }

  private keysOf(grain: Grain): Keys {
    switch (grain) {
      case 'category':
        return this.categories;
      case 'product':
        return this.products;
      case 'restaurant':
        return this.restaurants;
      case 'restaurant category':
        return this.pairs;
    }
  }

  /** @returns undefined where nothing is asked for, a number of nothing where it is not known */
  private asked(keys: Keys, key: string | undefined): number | undefined {
    return key === undefined ? undefined : (keys.find(key) ?? NONE);
  }
}

/** Keys, each with a number from 0. */
export class Keys {
  private readonly numbers = new Map<string, number>();
  private readonly keys: string[] = [];

  get length(): number {
    return this.keys.length;
  }

  /** The number of the key, the next one where it is new. */
  number(key: string): number {
    const known = this.numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    this.numbers.set(key, this.keys.length);
    return this.keys.push(key) - 1;
  }

  find(key: string): number | undefined {
    return this.numbers.get(key);
  }

  key(number: number): string {
    return this.keys[number]!;
  }
}

/** How many units have each key. All that a unit has comes together. */
class Tally {
  private readonly numbers: Int32Array;
  /** By key: the unit that it was counted for last. */
  private readonly countedFor: Int32Array;

  constructor(private readonly keys: Keys) {
    this.numbers = new Int32Array(keys.length);
    this.countedFor = new Int32Array(keys.length);
  }

  /** @param unit from 1 */
  count(key: number, unit: number): void {
    if (this.countedFor[key] !== unit) {
      this.countedFor[key] = unit;
      this.numbers[key]! += 1;
    }
  }

  values(): [key: string, value: number][] {
    return Array.from(this.numbers, (value, key): [string, number] => [this.keys.key(key), value]).filter(
      ([, value]) => value > 0,
    );
  }
}
