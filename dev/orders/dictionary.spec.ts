import { describe, expect, it } from 'vitest';
import { dictionaryEntries, makeDictionary, type DictionaryEntry } from './dictionary';

const dictionary = makeDictionary({ seed: 1 });
const entries = dictionaryEntries(dictionary);
const values = entries.map(({ value }) => JSON.parse(value));
const users = values.filter((value) => !('menu' in value));
const restaurants = values.filter((value) => 'menu' in value);
const dishes = restaurants.flatMap(({ menu }) => menu).filter(({ _id }) => _id !== '');

describe('makeDictionary', () => {
  it('makes the same entries from the same seed, and others from another', () => {
    expect(dictionaryEntries(makeDictionary({ seed: 1 }))).toEqual(entries);
    expect(dictionaryEntries(makeDictionary({ seed: 2 }))).not.toEqual(entries);
  });

  it('makes the same restaurants whatever the number of users', () => {
    const small = makeDictionary({ seed: 1, users: 10 });
    const entriesOf = (list: { entry: DictionaryEntry }[]) => list.map(({ entry }) => entry);
    expect(entriesOf([...small.restaurants.items])).toEqual(entriesOf([...dictionary.restaurants.items]));
  });

  it('has as many users and restaurants as asked for, each under its own id', () => {
    expect(users).toHaveLength(1_000);
    expect(restaurants).toHaveLength(50);
    expect(new Set(entries.map(({ key }) => key)).size).toBe(1_050);
    for (const { key, value } of entries) {
      expect(key).toMatch(/^[0-9a-f]{24}$/);
      expect(JSON.parse(value)).toMatchObject({ _id: key });
    }
  });

  it('has users as the source has them: full names, unique logins, some without login', () => {
    for (const { name } of users) {
      expect(name).toMatch(/^[А-ЯЁ][а-яё]+( [А-ЯЁ][а-яё]+){1,2}$/);
    }
    const logins = users.flatMap(({ login }) => login ?? []);
    for (const login of logins) {
      expect(login).toMatch(/^[a-z]+_\d+$/);
    }
    expect(new Set(logins).size).toBe(logins.length);
    expect(users.filter((user) => !('login' in user)).length).toSatisfy(
      (count: number) => count > 0 && count < 100,
    );
  });

  it('has the time of an entry under one name, under another, or not at all', () => {
    const forms = values.map((value) =>
      Object.keys(value)
        .filter((key) => key.startsWith('update_ts'))
        .join(),
    );
    expect([...new Set(forms)].sort()).toEqual(['', 'update_ts', 'update_ts_utc']);
    expect(forms.filter((form) => form === 'update_ts_utc').length / forms.length).toBeGreaterThan(0.75);
  });

  it('has menus of 15 to 40 dishes, some with an empty one, none beyond 12 KB', () => {
    for (const { menu } of restaurants) {
      const named = menu.filter(({ _id }: { _id: string }) => _id !== '');
      expect(named.length).toSatisfy((count: number) => count >= 15 && count <= 40);
      for (const dish of named) {
        expect(dish).toEqual(dishShape);
      }
    }
    const empty = restaurants.flatMap(({ menu }) => menu).filter(({ _id }) => _id === '');
    expect(empty.length).toBeGreaterThan(0);
    expect(empty[0]).toEqual({ _id: '', name: '', price: 0, category: '' });
    for (const { value } of entries) {
      expect(Buffer.byteLength(value)).toBeLessThan(12 * 1024);
    }
  });

  it('has at least 14 categories and dishes that look like life', () => {
    expect(new Set(dishes.map(({ category }) => category)).size).toBeGreaterThanOrEqual(14);
    expect(new Set(dishes.map(({ _id }) => _id)).size).toBe(dishes.length);
    expect(dishes.some(({ name }) => name.startsWith('ПИЦЦЕТТА С '))).toBe(true);
    expect(dishes.some(({ name }) => name.includes('«'))).toBe(true);
  });

  it('draws dishes that are in the menu, at its price and under its category', () => {
    for (const { id, dishes: drawn } of dictionary.restaurants.items) {
      const { menu } = restaurants.find(({ _id }) => _id === id)!;
      for (const { id: dishId, name, price, category } of drawn.items) {
        expect(menu).toContainEqual({ _id: dishId, name, price: price / 100, category });
      }
    }
  });

  it('keeps latecomers out of the entries', () => {
    const { history, live } = dictionary.latecomers;
    const late = [...history, ...live].map((latecomer) =>
      'user' in latecomer ? latecomer.user.entry : latecomer.restaurant.entry,
    );
    expect(late).toHaveLength(6);
    const known = new Set(entries.map(({ key }) => key));
    for (const { key, value } of late) {
      expect(known.has(key)).toBe(false);
      expect(JSON.parse(value)).toMatchObject({ _id: key });
    }
  });

  it('names more restaurants than it has names for as branches', () => {
    const many = makeDictionary({ seed: 1, restaurants: 120 });
    const names = many.restaurants.items.map(({ entry }) => JSON.parse(entry.value).name);
    expect(new Set(names).size).toBe(120);
    expect(names.some((name) => name.endsWith(', филиал 2'))).toBe(true);
  });
});

const dishShape = {
  _id: expect.stringMatching(/^[0-9a-f]{24}$/),
  name: expect.stringMatching(/\S/),
  price: expect.toSatisfy((price: number) => price > 0 && /^\d+(\.\d)?$/.test(String(price))),
  category: expect.stringMatching(/\S/),
};
