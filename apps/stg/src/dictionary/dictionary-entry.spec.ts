import { describe, expect, it } from 'vitest';
import { readEntry, type EntryKind } from './dictionary-entry';

const user = {
  _id: '626a81ce9a8cd1920641e264',
  name: 'Гаврила Игнатьев',
  login: 'gavrila_2222',
  update_ts_utc: '2023-08-11 16:44:59',
};
const SALAD = '2df24d1c887b0d10f48bd0b5';
const salad = { _id: SALAD, name: 'Салат Оливье', price: 200, category: 'Салаты' };
const restaurant = {
  _id: 'ebfa4c9b8dadfc1da37ab58d',
  name: 'PLove',
  menu: [salad],
  update_ts_utc: '2023-08-11 16:50:44',
};

/** Entries that cannot be used, and what is said of each. */
const malformed: [kind: EntryKind, entry: unknown, message: string][] = [
  ['user', { ...user, name: undefined }, 'name must be a text that is not empty, got nothing'],
  ['user', { ...user, name: '' }, 'name must be a text that is not empty, got ""'],
  ['user', { ...user, name: 5 }, 'name must be a text that is not empty, got 5'],
  ['user', { ...user, login: 5 }, 'login must be a text, got 5'],
  ['user', { ...user, login: [] }, 'login must be a text, got []'],
  ['restaurant', { ...restaurant, name: null }, 'name must be a text that is not empty, got null'],
  ['restaurant', { ...restaurant, menu: undefined }, 'menu must be a list, got nothing'],
  ['restaurant', { ...restaurant, menu: {} }, 'menu must be a list, got {}'],
  ['restaurant', user, 'menu must be a list, got nothing'],
  [
    'user',
    { ...user, update_ts_utc: 'yesterday' },
    'update_ts_utc must be a time of the form YYYY-MM-DD HH:MM:SS, got "yesterday"',
  ],
  [
    'user',
    { ...user, update_ts_utc: undefined, update_ts: '2023-02-30 00:00:00' },
    'update_ts must be a time of the form YYYY-MM-DD HH:MM:SS, got "2023-02-30 00:00:00"',
  ],
  ['user', [user], 'the value must be a JSON object, got [{'],
  ['user', null, 'the value must be a JSON object, got null'],
];

const read = (kind: EntryKind, entry: unknown) => readEntry(kind, Buffer.from(JSON.stringify(entry)));
const readMenu = (...menu: unknown[]) => {
  const entry = read('restaurant', { ...restaurant, menu });
  return entry.kind === 'restaurant' ? [...entry.menu] : [];
};
const saladInMenu = [SALAD, { name: 'Салат Оливье', category: 'Салаты' }];

describe('readEntry', () => {
  it('reads a user', () => {
    expect(read('user', user)).toEqual({
      kind: 'user',
      name: 'Гаврила Игнатьев',
      login: 'gavrila_2222',
      time: '2023-08-11 16:44:59',
    });
  });

  it('reads a restaurant with its menu by product id', () => {
    expect(read('restaurant', restaurant)).toEqual({
      kind: 'restaurant',
      name: 'PLove',
      menu: new Map([saladInMenu as [string, object]]),
      time: '2023-08-11 16:50:44',
    });
  });

  it.each([['update_ts_utc'], ['update_ts']])('takes the time of %s', (field) => {
    const entry = { ...user, update_ts_utc: undefined, [field]: '2023-08-11T16:44:59.500' };
    expect(read('user', entry).time).toBe('2023-08-11 16:44:59.5');
  });

  it('prefers update_ts_utc where there are both, and knows no time where there is neither', () => {
    expect(read('user', { ...user, update_ts: '2024-01-01 00:00:00' }).time).toBe('2023-08-11 16:44:59');
    expect(read('user', { ...user, update_ts_utc: null, update_ts: '2024-01-01 00:00:00' }).time).toBe(
      '2024-01-01 00:00:00',
    );
    expect(read('user', { ...user, update_ts_utc: undefined }).time).toBeNull();
    expect(read('user', { ...user, update_ts_utc: null, update_ts: null }).time).toBeNull();
  });

  it.each([[undefined], [null]])('takes a login of %s for null', (login) => {
    expect(read('user', { ...user, login })).toMatchObject({ login: null });
  });

  it('ignores a product without id, name or category, and what is no product', () => {
    const empty = { _id: '', name: '', price: 0, category: '' };
    const lacking = ['_id', 'name', 'category'].flatMap((member) =>
      [undefined, null, '', 5, []].map((value) => ({ ...salad, [member]: value })),
    );
    expect(readMenu(empty, ...lacking, null, 'x', 5, [], true, salad)).toEqual([saladInMenu]);
    expect(readMenu()).toEqual([]);
  });

  it('takes the first of two products with one id', () => {
    expect(readMenu(salad, { ...salad, name: 'Цезарь', category: 'Другое' })).toEqual([saladInMenu]);
    expect(readMenu({ ...salad, name: '' }, salad)).toEqual([saladInMenu]);
  });

  it('takes any text for the id of a product', () => {
    expect(readMenu({ ...salad, _id: '__proto__' })).toEqual([['__proto__', saladInMenu[1]]]);
  });

  it.each(malformed.map(([kind, entry, message]) => [message, kind, entry] as const))(
    'says: %s',
    (message, kind, entry) => {
      expect(() => read(kind, entry)).toThrow(message);
    },
  );

  it.each([[''], ['{'], ['\ufeff{}'], [String.raw`{"name":"\u0000"}`], [Buffer.from([0xff])]])(
    'refuses the value %j',
    (value) => {
      expect(() => readEntry('user', Buffer.from(value as string))).toThrow('the value ');
    },
  );
});
