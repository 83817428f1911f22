import { isLong } from './seed';
import { brokenMessages } from './broken-messages';
import { Raw, writeJson, type Writable } from './json-writer';
import { Random } from './random';

/** A message as it is to be sent. */
export interface MadeMessage {
  partition: number;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string | string[]>;
}

export interface MadeStep {
  /** Key to the text of its new value; null takes the key away. */
  dictionary: Record<string, string | null>;
  messages: MadeMessage[];
}

interface Dish {
  id: string;
  name: string;
  category: string;
}

interface Restaurant {
  id: string;
  name: string;
  /** What it has now. */
  menu: Dish[];
  /** What it ever had or will have, and some that it never has. */
  dishes: Dish[];
}

interface User {
  id: string;
  name: string;
}

interface MadeOrder {
  orderId: string;
  user: User;
  restaurant: Restaurant;
  date: string;
  /** The first step that has a version of it. */
  firstStep: number;
}

const PARTITIONS = 6;
const STEPS = 6;
/** Of orders, a step; other kinds of messages come on top. */
const ORDER_MESSAGES = isLong ? 430 : 250;

const strangeNames = [
  'Аджапсандали',
  'Д\'Артаньян "и" \\ три | мушкетёра',
  '<script>alert(1)</script>&amp;',
  "'); DROP TABLE dds.h_user; --",
  '👩‍🍳 выпечка 🥐',
  'e\u0301 и \u00e9',
  ' пробелы по краям ',
  '\u0001\u2028\u200f',
  'null',
  '\\N',
];
const categories = ['Выпечка', 'выпечка', 'Выпечка ', 'Супы|Горячее', 'Супы\\', '🥗', 'Салаты'];
const strangeIds = ['__proto__', 'constructor', 'a|b', 'a\\', '\\N', 'пользователь 1', ' ', '🍕', '0'];
const objectIds = ['9007199254740993', '9223372036854775807', '0', '11000001'];
const statuses = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED'];

/**
 * About 2,000 messages in six steps, 3,000 in the long form, with the dictionary changing before each: all that happens
 * at the source, more often than it does. Two messages that contradict each other about whose order it is never come in
 * one step, so that it is clear which came first.
 */
export function randomHistory(seed: number): MadeStep[] {
  const random = new Random(seed);
  const users = Array.from({ length: 60 }, (_, place) => ({
    id: strangeIds[place] ?? random.hex(24),
    name: nameOf(random, place),
  }));
  const restaurants = Array.from({ length: 9 }, (_, place) => makeRestaurant(random, place));
  const orders = new OrderMaker(random, users, restaurants);
  const dictionary = new DictionaryMaker(random, users, restaurants);

  return [...Array(STEPS).keys()].map((step) => {
    const changes = dictionary.changes(step);
    const values: (Buffer | null)[] = [];
    for (let count = 0; count < ORDER_MESSAGES; count += 1) {
      values.push(orders.message(step));
    }
    values.push(...Array.from({ length: 20 }, () => noOrder(random)));
    values.push(...brokenMessages.filter((_, place) => place % STEPS === step));
    orders.remember(values);
    const all = random.shuffled([...values, ...giantOrders(random, step, users, restaurants)]);
    return { dictionary: changes, messages: all.map((value) => addressed(random, value)) };
  });
}

/** Messages of orders: new ones, versions of known ones, repeats, and those that change whose order it is. */
class OrderMaker {
  private readonly orders: MadeOrder[] = [];
  /** Messages of the steps before. */
  private readonly sent: Buffer[] = [];

  constructor(
    private readonly random: Random,
    private readonly users: User[],
    private readonly restaurants: Restaurant[],
  ) {}

  message(step: number): Buffer {
    const { random } = this;
    const kind = random.fraction();
    if (kind < 0.12 && this.sent.length > 0) {
      return random.pick(this.sent);
    }
    const known = this.orders.filter(({ firstStep }) => firstStep < step);
    if (kind < 0.14 && known.length > 0) {
      return makeVersion(random, this.ofAnother(random.pick(known)));
    }
    const order = kind < 0.5 && this.orders.length > 0 ? random.pick(this.orders) : this.newOrder(step);
    return makeVersion(random, order);
  }

  remember(values: (Buffer | null)[]): void {
    this.sent.push(...values.filter((value) => value !== null));
  }

  /** The order as that of another user, or of another restaurant. */
  private ofAnother(order: MadeOrder): MadeOrder {
    const { random } = this;
    return random.chance(0.5)
      ? { ...order, user: random.pick(this.users.filter(({ id }) => id !== order.user.id)) }
      : {
          ...order,
          restaurant: random.pick(this.restaurants.filter(({ id }) => id !== order.restaurant.id)),
        };
  }

  private newOrder(step: number): MadeOrder {
    const { random } = this;
    const order: MadeOrder = {
      orderId: objectIds[this.orders.length] ?? String(300_000 + this.orders.length),
      user: random.pick(this.users),
      restaurant: random.pick(this.restaurants),
      date: time(random),
      firstStep: step,
    };
    this.orders.push(order);
    return order;
  }
}

/** One of each in a whole history. */
function giantOrders(random: Random, step: number, users: User[], restaurants: Restaurant[]): Buffer[] {
  const order = {
    orderId: String(900_000 + step),
    user: users[21]!,
    restaurant: restaurants[step === 3 ? LATE : 0]!,
    date: '2023-08-05 06:28:54',
  };
  const [first, second] = order.restaurant.dishes as [Dish, Dish];
  const giants: Writable[][] = [
    // Five thousand lines.
    lines(5_000, (place) => (place % 2 ? first : second)),
    // A message of 900 kB.
    [line(first.id, '🍕'.repeat(225_000), '1', '1')],
    // More than four megabytes when it has the name of its dish.
    lines(600, () => ({ ...giant, name: '' })),
    // The same after it has waited: no menu has the dish before the last step.
    lines(600, () => ({ ...lateGiant, name: '' })),
  ];
  return giants.slice(step, step + 1).map((items) => makeVersion(random, order, items));
}

/** Its category is longer than an index of PostgreSQL can take. */
const giant: Dish = { id: 'giant', name: 'n'.repeat(10_000), category: 'C'.repeat(3_000) };
const lateGiant: Dish = { ...giant, id: 'late giant' };
/** The restaurant that has the late giant. */
const LATE = 8;

function makeRestaurant(random: Random, place: number): Restaurant {
  const dishes = Array.from({ length: random.whole(8, 20) }, (_, dish) => ({
    id: random.chance(0.1) ? random.pick(strangeIds) : random.hex(24),
    name: nameOf(random, dish),
    category: random.pick(categories),
  })).filter(({ id }, dish, all) => all.findIndex((other) => other.id === id) === dish);
  if (place === 0) {
    dishes.push(giant);
  }
  return {
    id: place === 1 ? 'r|\\"quoted\'' : random.hex(24),
    name: nameOf(random, place),
    menu: place === 0 ? [...dishes] : dishes.slice(0, Math.ceil(dishes.length / 2)),
    dishes,
  };
}

function nameOf(random: Random, place: number): string {
  return strangeNames[place] ?? `${random.pick(['Плов', 'Суп', 'Чай', 'Хачапури'])} ${random.whole(1, 40)}`;
}

/** A second of one August, sometimes with a fraction: seldom enough values for versions to meet. */
function time(random: Random): string {
  const two = (least: number, most: number) => String(random.whole(least, most)).padStart(2, '0');
  const fraction = random.chance(0.2) ? `.${random.pick(['5', '50', '123456', '000001', '0'])}` : '';
  const clock = `${two(0, 23)}:${random.pick(['00', '30'])}:${random.pick(['00', '59'])}`;
  return `2023-08-${two(1, 28)}${random.chance(0.1) ? 'T' : ' '}${clock}${fraction}`;
}

function money(random: Random): Raw {
  const usual = random.whole(0, 3_000);
  return new Raw(
    random.chance(0.7)
      ? String(usual)
      : random.pick([
          `${usual}.50`,
          `${usual}.00000`,
          `${usual}e0`,
          `${usual}.12345`,
          '0.00001',
          '1E+2',
          '-0',
          '12345678901234.5',
          '99999999999999.99999',
          '0.10000000000000000',
          '1200e-2',
        ]),
  );
}

function line(id: string, name: string, price: string, quantity: string): Writable {
  return { id, name, price: new Raw(price), quantity: new Raw(quantity) };
}

function lines(count: number, dish: (place: number) => Dish): Writable[] {
  return Array.from({ length: count }, (_, place) => {
    const { id, name } = dish(place);
    return line(id, name, '1', '1');
  });
}

function randomLines(random: Random, { dishes }: Restaurant): Writable[] {
  const count = random.chance(0.05) ? 0 : random.whole(1, 5);
  return Array.from({ length: count }, () => {
    const { id, name } = random.pick(dishes);
    const quantity = random.pick(['1', '2', '5', '1e1', '3.0', '9223372036854775807']);
    return {
      ...(line(id, random.chance(0.1) ? '' : name, '0', quantity) as object),
      price: money(random),
    };
  });
}

function makeVersion(
  random: Random,
  { orderId, user, restaurant, date }: Pick<MadeOrder, 'orderId' | 'user' | 'restaurant' | 'date'>,
  items = randomLines(random, restaurant),
): Buffer {
  const finalStatus = random.chance(0.65) ? 'CLOSED' : random.pick([...statuses, 'CANCELLED']);
  const updateTs = time(random);
  const history = [finalStatus, ...random.shuffled(statuses).slice(0, random.whole(0, 3))];
  const message: Record<string, Writable> = {
    object_id: new Raw(random.chance(0.02) ? `${orderId}.0` : orderId),
    object_type: 'order',
    sent_dttm: time(random),
    payload: {
      restaurant: { id: restaurant.id, ...(random.chance(0.1) && { address: { city: 'Москва' } }) },
      date: random.chance(0.9) ? date : time(random),
      user: { id: user.id },
      order_items: items,
      bonus_payment: money(random),
      cost: money(random),
      payment: money(random),
      bonus_grant: money(random),
      statuses: random.chance(0.2)
        ? []
        : history.map((status, place) => ({ status, dttm: place === 0 ? updateTs : time(random) })),
      final_status: finalStatus,
      update_ts: updateTs,
      ...(random.chance(0.05) && {
        comment: random.pick(strangeNames),
        weight: new Raw('1.000000000000000000001'),
      }),
    },
  };
  const text = writeJson(random, message);
  // A member that comes twice: the last one counts.
  const twice = random.chance(0.02) ? text.replace('{', '{"object_id":1,') : text;
  return Buffer.from(twice);
}

function noOrder(random: Random): Buffer {
  const deep = `${'['.repeat(400)}${']'.repeat(400)}`;
  return Buffer.from(
    random.pick([
      '{}',
      '{"object_type":"order"}',
      '{"object_type":"order","payload":null}',
      `{"object_type":"user","payload":{"id":"${random.hex(24)}"}}`,
      '{"object_type":null,"payload":{}}',
      '{"payload":{"object_type":"order"}}',
      '{"object_type":"ORDER","payload":{}}',
      '{"__proto__":{"object_type":"order","payload":{}},"number":1e5}',
      `{"object_type":${JSON.stringify(random.pick(strangeNames))}}`,
      `{"object_type":"deep","payload":${deep}}`,
      '{"object_type":"order","object_type":"menu","payload":{"number":12345678901234567890}}',
    ]),
  );
}

function addressed(random: Random, value: Buffer | null): MadeMessage {
  return {
    partition: random.whole(0, PARTITIONS - 1),
    key: random.chance(0.9) ? null : random.hex(4),
    value,
    headers: random.chance(0.9) ? {} : { trace: random.hex(8), hops: ['один', '2'], empty: '' },
  };
}

/** The entries of users and restaurants as they change: renamed, re-dated, undated, broken, gone and back. */
class DictionaryMaker {
  private readonly earlier = new Map<string, string[]>();

  constructor(
    private readonly random: Random,
    private readonly users: User[],
    private readonly restaurants: Restaurant[],
  ) {}

  changes(step: number): Record<string, string | null> {
    const { random } = this;
    const changes: [string, string | null][] = [];
    // At first a third is missing; in the end everybody but one user has been there.
    const present = (place: number) => step > 0 || place % 3 !== 2;
    const never = this.users[5]!;
    this.users.forEach((user, place) => {
      if (user !== never && present(place) && (step === 0 || random.chance(0.4) || step === STEPS - 1)) {
        changes.push([user.id, this.value(step, user.id, () => this.userEntry(user))]);
      }
    });
    this.restaurants.forEach((restaurant, place) => {
      if (place === 0 || (present(place) && (step === 0 || random.chance(0.6) || step === STEPS - 1))) {
        const value = () => this.restaurantEntry(restaurant, place, step);
        changes.push([restaurant.id, place === 0 ? value() : this.value(step, restaurant.id, value)]);
      }
    });
    return Object.fromEntries(changes);
  }

  /** Mostly a new value; sometimes none, a broken one, or one from before. */
  private value(step: number, key: string, make: () => string): string | null {
    const before = this.earlier.get(key) ?? [];
    const kind = step === STEPS - 1 ? 1 : this.random.fraction();
    if (kind < 0.08) {
      return null;
    }
    if (kind < 0.16) {
      return this.random.pick([
        '',
        '{',
        '[]',
        'null',
        '{"name":""}',
        '{"name":5}',
        '{"name":"\\u0000"}',
        '{"name":"n","login":5,"menu":{}}',
        '{"name":"n","menu":[],"update_ts":"yesterday"}',
      ]);
    }
    if (kind < 0.26 && before.length > 0) {
      return this.random.pick(before);
    }
    const value = make();
    this.earlier.set(key, [...before, value]);
    return value;
  }

  private userEntry(user: User): string {
    const { random } = this;
    const name = random.chance(0.4) ? nameOf(random, random.whole(0, 20)) : user.name;
    const login: { [name: string]: Writable } = random.chance(0.6)
      ? { login: random.pick(['gavrila_2222', '', 'a|b', null]) }
      : {};
    return writeJson(random, { _id: user.id, name, ...login, ...this.dated() });
  }

  private restaurantEntry(restaurant: Restaurant, place: number, step: number): string {
    const { random } = this;
    const name = random.chance(0.4) ? nameOf(random, random.whole(0, 20)) : restaurant.name;
    if (place > 0 && step > 0) {
      restaurant.menu = restaurant.dishes.filter(() => random.chance(0.7));
    }
    const menu: Writable[] = restaurant.menu.map(({ id, ...dish }) => ({
      _id: id,
      name: id !== giant.id && random.chance(0.2) ? nameOf(random, random.whole(0, 20)) : dish.name,
      price: money(random),
      category: random.chance(0.15) ? random.pick(categories) : dish.category,
    }));
    const nothing: Writable[] = [
      { _id: '', name: '', price: 0, category: '' },
      { _id: random.pick(restaurant.dishes).id, name: '', category: 'Салаты' },
      { _id: random.pick(restaurant.dishes).id, name: 'Без категории' },
      null,
      5,
      'блюдо',
    ];
    const extra = random.chance(0.5) ? [random.pick(nothing)] : [];
    const late =
      place === LATE && step === STEPS - 1
        ? [{ _id: 'late giant', name: giant.name, category: giant.category }]
        : [];
    return writeJson(random, {
      _id: restaurant.id,
      name,
      menu: [...extra, ...menu, ...extra, ...late],
      ...this.dated(),
    });
  }

  /** Times go forth and back, and are often the same. */
  private dated(): { [name: string]: Writable } {
    const { random } = this;
    const given = `2023-08-${random.pick(['09', '10', '11'])} ${random.pick(['16:44:59', '16:44:59.5', '00:00:00'])}`;
    return random.pick<{ [name: string]: Writable }>([
      { update_ts_utc: given },
      { update_ts_utc: given },
      { update_ts: given },
      { update_ts_utc: null, update_ts: given },
      {},
    ]);
  }
}
