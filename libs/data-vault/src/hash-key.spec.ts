import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashdiff, hashKey, joinParts, uuidText } from './hash-key';

const USER = '626a81ce9a8cd1920641e296';
const RESTAURANT = '626a81cfefa404208fe9abae';
const PRODUCT = '6276e8cd0cf48b4cded00878';

/** All literals come from `uuid.uuid5` of Python over the same texts: a key that was ever stored must never change. */
const keys: [name: string, businessKeys: string[], key: string][] = [
  ['h_user', [USER], 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b'],
  ['h_product', [PRODUCT], '449de611-75a5-50ac-a4fd-ede0b48233cb'],
  ['h_category', ['Выпечка'], '9f1226fe-16d2-58d6-a907-72ceccfdcaf5'],
  ['h_restaurant', [RESTAURANT], 'd0e148b5-b1bc-5201-83fb-dd323216b78e'],
  ['h_order', ['322519'], 'da2de06d-0eeb-5bcd-907d-6c395bd901a4'],
  ['h_order', ['9223372036854775807'], 'a7c89a44-066f-5c65-a701-ebfe38903415'],
  ['l_order_product', ['322519', PRODUCT], '282838ed-4f2e-53de-884d-2de5377d78ac'],
  ['l_order_user', ['322519', USER], 'ba720e4b-e39d-5d52-a829-594a56993255'],
  ['l_order_restaurant', ['322519', RESTAURANT], 'dba76a37-844f-5961-b293-e9a48e3ce7dc'],
  ['l_product_restaurant', [PRODUCT, RESTAURANT], 'ba8e8b9e-c621-55bc-9599-d0483713cc3c'],
  ['l_product_category', [PRODUCT, 'Выпечка'], '6c3dd9d9-c288-596a-b605-412e81dc3d47'],
];

const diffs: [satellite: string, attributes: (string | null)[], diff: string][] = [
  ['s_user_names', ['Котова Ольга Вениаминовна', 'kotova_42'], 'c2d04158-7c1f-54b1-ba2c-1648fd4aa7a9'],
  ['s_user_names', ['Котова Ольга Вениаминовна', null], '75b52957-3993-5306-a3d2-631123767914'],
  ['s_user_names', ['Котова Ольга Вениаминовна', ''], 'd6b6c15f-0119-555b-a451-32315300f332'],
  ['s_user_names', ['Котова Ольга Вениаминовна', '\\N'], '92a994e0-54ff-5752-81e2-5b1f719a418a'],
  ['s_product_names', ['РОЛЛ С ТОФУ И ВЯЛЕНЫМИ ТОМАТАМИ'], '1174b1ce-2dd4-54ec-8991-ff8f1bff9502'],
  ['s_restaurant_names', ['Кофейня №1'], 'ffc411f1-a0bb-50a8-9f45-d7ee95c7dc65'],
  ['s_product_category', ['Выпечка'], '0634de12-5dca-52f9-baa3-b939c27d9e8a'],
  ['s_order_status', ['CLOSED'], 'eaadbe22-4b51-5667-8321-e7ba2303a741'],
  ['s_order_cost', ['300', '299.5'], '0a512789-32dc-548b-9c42-2c34b2bfe62a'],
  [
    's_order_details',
    ['CLOSED', '2022-11-19 16:06:36', '2022-11-19 16:06:40.25', '0', '15.5'],
    'f756795b-ebe2-565a-a0ac-f20d341bfa03',
  ],
  ['s_order_product', ['РОЛЛ С ТОФУ', '180', '1', 'Выпечка'], 'a8fd2910-829d-5dc0-ac12-11262d91c655'],
];

const oddTexts: [category: string, key: string][] = [
  ['', '756cfbc0-c0ad-5fa4-94cb-89d8103d31a1'],
  ['a|b', 'fce0ef71-de9e-591c-8a44-2333fb9d7c72'],
  ['a\\|b', '510b115a-1a56-5c7c-b391-a422c44e0012'],
  ['\\', 'a1e2f3c1-ec28-5210-8800-b0b50ee9131f'],
  [' Выпечка', 'e0c7ce09-b244-5a8c-860b-5402577e56fe'],
  ['👩‍🍳 выпечка 🥐', '395fe860-a35d-59c3-a764-8ae2a8c20f14'],
  ['e\u0301', '590c3fa6-c4b6-5656-92f9-0e09a5bb0436'],
  ['\u00e9', '47dd04bb-fd76-5c99-932b-852c2cfe4ec8'],
  ['\uffff', 'c253b92b-d908-5871-a79c-425f40a2dea1'],
  ['\u{10ffff}', '7af94677-ea52-502c-8e9b-700cf30faa8f'],
];

/** Any character; those that are written as two surrogates and the escaped ones often. */
const character = fc.oneof(
  fc.constantFrom('\\', '|', 'N'),
  fc.integer({ min: 0, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0xe000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);
const anyText = fc.string({ unit: character });

describe('hashKey and hashdiff', () => {
  it.each(keys)('of %s %j never changes', (name, businessKeys, key) => {
    expect(hashKey(name, ...businessKeys)).toBe(key);
  });

  it.each(diffs)('of %s %j never changes', (satellite, attributes, diff) => {
    expect(uuidText(hashdiff(satellite, attributes))).toBe(diff);
  });

  it.each(oddTexts)('take the text %j byte for byte', (category, key) => {
    expect(hashKey('h_category', category)).toBe(key);
  });

  it('take an unpaired surrogate, which no message can bring, as U+FFFD', () => {
    expect(hashKey('h_category', '\ud83d')).toBe('afb96f65-ef11-53a2-906c-9f7cb20dc199');
    expect(hashKey('h_category', '\ufffd')).toBe('afb96f65-ef11-53a2-906c-9f7cb20dc199');
  });

  it('give a UUID of version 5 and the variant of RFC 9562, in lower case', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText), (name, parts) => {
        expect(hashKey(name, ...parts)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });
});

describe('joinParts', () => {
  it('gives no two different lists the same text', () => {
    const characters = ['\\', '|', 'N'];
    const pairs = characters.flatMap((first) => characters.map((second) => first + second));
    const parts = [null, '', ...characters, ...pairs];
    const lists: (string | null)[][] = [[]];
    for (let from = 0, length = 1; length <= 3; length++) {
      const shorter = lists.slice(from);
      from = lists.length;
      lists.push(...shorter.flatMap((list) => parts.map((part) => [...list, part])));
    }
    expect(lists).toHaveLength(1 + 14 + 14 ** 2 + 14 ** 3);
    expect(new Set(lists.map(joinParts)).size).toBe(lists.length);
  });

  it('gives a text from which any list can be read back', () => {
    fc.assert(
      fc.property(fc.array(fc.option(anyText)), (parts) => {
        expect(splitParts(joinParts(parts))).toEqual(parts);
      }),
    );
  });
});

/** The way back, from the description of the text alone. */
function splitParts(text: string): (string | null)[] {
  const parts = text.match(/(?:\\[^]|[^\\|])*\|/g) ?? [];
  return parts.map((part) => (part === '\\N|' ? null : part.slice(0, -1).replace(/\\([\\|])/g, '$1')));
}
