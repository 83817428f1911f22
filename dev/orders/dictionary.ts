import { Random, WeightedChoice } from './random';
import { formatSourceTime } from './source-time';
import {
  DISH_CATEGORIES,
  femaleNames,
  KITCHENS,
  maleNames,
  patronymics,
  RESTAURANTS,
  surnames,
  type DishCategoryName,
  type Kitchen,
} from './stock';
import { transliterate } from './transliterate';

export interface User {
  id: string;
  /** Where most of their orders go. */
  favourites: readonly Restaurant[];
  /** As in Redis under the key `id`. */
  entry: DictionaryEntry;
}

export interface Restaurant {
  id: string;
  /** The dishes of the menu, drawn as often as guests order them. */
  dishes: WeightedChoice<Dish>;
  /** As in Redis under the key `id`. */
  entry: DictionaryEntry;
}

export interface Dish {
  id: string;
  name: string;
  category: DishCategoryName;
  price: Kopecks;
}

/** Money in whole kopecks, so that sums stay exact. */
export type Kopecks = number;

/** One key of Redis and its value, a JSON text. */
export interface DictionaryEntry {
  key: string;
  value: string;
}

export interface Dictionary {
  /** Drawn as often as they order. */
  users: WeightedChoice<User>;
  /** Drawn as often as guests without a favourite choose them. */
  restaurants: WeightedChoice<Restaurant>;
  /** Who orders, or is ordered from, before Redis knows them: in a history and in a live stream. */
  latecomers: { history: readonly Latecomer[]; live: readonly Latecomer[] };
}

/** The owner of an order that has to wait: its entry comes to Redis some seconds after the order. */
export type Latecomer = { user: User } | { restaurant: Restaurant };

export interface DictionarySize {
  seed: number;
  users?: number;
  restaurants?: number;
}

/** Dictionary times lie before any order of a usual run, whenever it is made. */
const OLDEST_ENTRY = Date.UTC(2023, 5, 1);
const NEWEST_ENTRY = Date.UTC(2023, 7, 12);

const MENU_SIZE = [15, 40] as const;
const SIGNATURE_DISHES = 4;

/** Exponents of Zipf's law: 0 is all alike, 1 is the second half as often as the first. */
const DISH_POPULARITY = 0.9;
const RESTAURANT_POPULARITY = 0.9;
const USER_ACTIVITY = 0.5;

/**
 * Makes the users and restaurants of a seed. A restaurant and its menu are the same whatever the number of users.
 * Entries have the source's forms: most with `update_ts_utc`, some with `update_ts` or no time; some users without
 * `login`; some menus with an empty dish.
 */
export function makeDictionary({ seed, users = 1000, restaurants = 50 }: DictionarySize): Dictionary {
  const places = WeightedChoice.zipf(
    makeRestaurants(restaurants, new Random(seed, 'restaurants')),
    RESTAURANT_POPULARITY,
  );
  return {
    users: WeightedChoice.zipf(makeUsers(users, places, new Random(seed, 'users')), USER_ACTIVITY),
    restaurants: places,
    latecomers: makeLatecomers(places, new Random(seed, 'latecomers')),
  };
}

/** Every entry of users and restaurants, without those of the latecomers. */
export function dictionaryEntries({ users, restaurants }: Dictionary): DictionaryEntry[] {
  return [...users.items, ...restaurants.items].map(({ entry }) => entry);
}

function makeUsers(count: number, places: WeightedChoice<Restaurant>, random: Random): User[] {
  const process = random.hex(10);
  const firstCounter = random.integer(0, 0x7fffff);
  return Array.from({ length: count }, (_, index) => {
    // An id as MongoDB makes it: time, process and counter, hence alike in all that one import made.
    const id = `626a81ce${process}${(firstCounter + index).toString(16).padStart(6, '0')}`;
    return makeUser(id, index, places, random);
  });
}

function makeLatecomers(places: WeightedChoice<Restaurant>, random: Random): Dictionary['latecomers'] {
  const newUser = (index: number) => ({ user: makeUser(random.hex(24), 1_000_000 + index, places, random) });
  const newRestaurant = { restaurant: makeRestaurant('Кафе «Новоселье»', 'canteen', random) };
  return {
    history: [newUser(0), newRestaurant, newUser(1)],
    live: [newUser(2), newUser(3), newUser(4)],
  };
}

function makeUser(id: string, index: number, places: WeightedChoice<Restaurant>, random: Random): User {
  const { name, firstName } = makeFullName(random);
  // A growing number keeps logins unique.
  const login = `${transliterate(firstName)}_${7 * index + random.integer(1, 7)}`;
  const hasLogin = random.chance(0.97);
  const value = { _id: id, name, ...(hasLogin && { login }), ...entryTime(random) };
  const favourites = Array.from({ length: 3 }, () => places.draw(random));
  return { id, favourites, entry: { key: id, value: JSON.stringify(value) } };
}

function makeFullName(random: Random): { name: string; firstName: string } {
  const isWoman = random.chance(0.5);
  const firstName = random.pick(isWoman ? femaleNames : maleNames);
  const surname = isWoman ? feminine(random.pick(surnames)) : random.pick(surnames);
  const patronymic = random.pick(patronymics) + (isWoman ? 'на' : 'ич');
  const name = random.chance(0.6) ? `${surname} ${firstName} ${patronymic}` : `${firstName} ${surname}`;
  return { name, firstName };
}

function feminine(surname: string): string {
  if (surname.endsWith('ский')) {
    return `${surname.slice(0, -2)}ая`;
  }
  return /(ов|ев|ёв|ин)$/.test(surname) ? `${surname}а` : surname;
}

function makeRestaurants(count: number, random: Random): Restaurant[] {
  const stock = random.shuffle(RESTAURANTS);
  return Array.from({ length: count }, (_, index) => {
    const { name, kitchen } = stock[index % stock.length]!;
    const branch = Math.floor(index / stock.length) + 1;
    const hasEmptyDish = index % 12 === 5;
    return makeRestaurant(branch === 1 ? name : `${name}, филиал ${branch}`, kitchen, random, hasEmptyDish);
  });
}

function makeRestaurant(name: string, kitchen: Kitchen, random: Random, hasEmptyDish = false): Restaurant {
  const id = random.hex(24);
  const dishes = makeMenu(random, kitchen);
  const menu = inMenuOrder(dishes, kitchen).map((dish) => ({
    _id: dish.id,
    name: dish.name,
    price: dish.price / 100,
    category: dish.category,
  }));
  const emptyDish = hasEmptyDish ? [{ _id: '', name: '', price: 0, category: '' }] : [];
  const value = { _id: id, name, menu: [...menu, ...emptyDish], ...entryTime(random) };
  return {
    id,
    dishes: WeightedChoice.zipf(dishes, DISH_POPULARITY),
    entry: { key: id, value: JSON.stringify(value) },
  };
}

/** Draws a menu: what the kitchen is known for sells most, the rest in any order. */
function makeMenu(random: Random, kitchen: Kitchen): Dish[] {
  const [signature, ...others] = KITCHENS[kitchen].map((category) =>
    DISH_CATEGORIES[category].dishes.map((name) => ({ name, category })),
  );
  const known = random.shuffle(signature!);
  const rest = random.shuffle([...known.slice(SIGNATURE_DISHES), ...others.flat()]);
  return [...known.slice(0, SIGNATURE_DISHES), ...rest]
    .slice(0, random.integer(...MENU_SIZE))
    .map(({ name, category }) => ({
      id: random.hex(24),
      name,
      category,
      price: makePrice(random, category),
    }));
}

function inMenuOrder(dishes: readonly Dish[], kitchen: Kitchen): Dish[] {
  const categories: readonly DishCategoryName[] = KITCHENS[kitchen];
  return [...dishes].sort((a, b) => categories.indexOf(a.category) - categories.indexOf(b.category));
}

/** Most prices are round; a few end in 90 kopecks. */
function makePrice(random: Random, category: DishCategoryName): Kopecks {
  const [least, most] = DISH_CATEGORIES[category].prices;
  const price = random.integer(least / 10, most / 10) * 1000;
  return random.chance(0.04) ? price - 10 : price;
}

function entryTime(random: Random): { update_ts_utc?: string; update_ts?: string } {
  const time = formatSourceTime(random.integer(OLDEST_ENTRY, NEWEST_ENTRY));
  const form = random.next();
  if (form < 0.85) {
    return { update_ts_utc: time };
  }
  return form < 0.95 ? { update_ts: time } : {};
}
