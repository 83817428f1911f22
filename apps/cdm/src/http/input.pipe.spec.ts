import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { InvalidInput, inputPipe } from './input.pipe';
import { FilterQuery } from '../figures/dashboard.contract';
import { PreviewInput, TagRuleInput } from '../tags/tag-rule.contract';
import { PageQuery } from '../tags/user-tags.contract';

const rule = { tag: 'любит пиццу', match: { product_pattern: 'пицц' }, min_orders: 10 };

const read = (value: unknown, metatype: new () => object = TagRuleInput): Promise<unknown> =>
  inputPipe.transform(value, { type: metatype === PageQuery ? 'query' : 'body', metatype });

/** `field message` of every error; none where the input is fine. */
async function refusals(value: unknown, metatype?: new () => object): Promise<string[]> {
  try {
    await read(value, metatype);
    return [];
  } catch (error) {
    return (error as InvalidInput).errors.map(({ field, message }) => `${field} ${message}`);
  }
}

it('takes a rule', async () => {
  expect({ ...((await read(rule)) as object) }).toEqual(rule);
  const all = { ...rule, window_days: 30, enabled: false, created_by: 'Ольга' };
  expect({ ...((await read(all)) as object) }).toEqual(all);
});

it('takes a rule as it was read, with what only the service sets', async () => {
  expect(await refusals({ ...rule, id: 'x', created_at: '2024-01-01', evaluation: 'done' })).toEqual([]);
});

it('names everything that is missing', async () => {
  const missing = ['tag is missing', 'match is missing', 'min_orders is missing'];
  expect(await refusals({})).toEqual(missing);
  expect(await refusals(undefined)).toEqual(missing);
});

const text = (most: number) =>
  `must be a text of 1 to ${most} characters, not blank, without NUL or lone surrogates`;
const oneOf = 'must be an object with exactly one of category, product_id, product_pattern, restaurant_id';

it.each([
  [{ tag: '' }, `tag ${text(200)}, got ""`],
  [{ tag: ' \n' }, `tag ${text(200)}, got " \\n"`],
  [{ tag: 5 }, `tag ${text(200)}, got 5`],
  [{ tag: null }, `tag ${text(200)}, got null`],
  [{ tag: 'a\0b' }, `tag ${text(200)}, got "a\\u0000b"`],
  [{ tag: '\ud83c' }, `tag ${text(200)}, got "\\ud83c"`],
  [{ tag: 'я'.repeat(201) }, `tag ${text(200)}, got "${'я'.repeat(99)}…`],
  [{ match: {} }, `match ${oneOf}, got {}`],
  [{ match: null }, `match ${oneOf}, got null`],
  [{ match: 'пицца' }, `match ${oneOf}, got "пицца"`],
  [{ match: [{ category: 'Супы' }] }, `match ${oneOf}, got [{"category":"Супы"}]`],
  [
    { match: { category: 'Супы', product_id: 'd1' } },
    `match ${oneOf}, got {"category":"Супы","product_id":"d1"}`,
  ],
  [{ match: { category: null } }, `match.category ${text(1000)}, got null`],
  [{ match: { product_pattern: ' ' } }, `match.product_pattern ${text(200)}, got " "`],
  [{ match: { product_id: 7 } }, `match.product_id ${text(200)}, got 7`],
  [{ match: { restaurant_id: '' } }, `match.restaurant_id ${text(200)}, got ""`],
  [{ match: { category: 'Супы', dish: 1 } }, 'match.dish is not a known field, got 1'],
  [{ min_orders: 0 }, 'min_orders must be a whole number from 1 to 1000000, got 0'],
  [{ min_orders: 1.5 }, 'min_orders must be a whole number from 1 to 1000000, got 1.5'],
  [{ min_orders: '10' }, 'min_orders must be a whole number from 1 to 1000000, got "10"'],
  [{ min_orders: 1_000_001 }, 'min_orders must be a whole number from 1 to 1000000, got 1000001'],
  [{ window_days: 0 }, 'window_days must be a whole number from 1 to 36500, got 0'],
  [{ window_days: null }, 'window_days must be a whole number from 1 to 36500, got null'],
  [{ window_days: 36_501 }, 'window_days must be a whole number from 1 to 36500, got 36501'],
  [{ enabled: 'false' }, 'enabled must be true or false, got "false"'],
  [{ created_by: '' }, `created_by ${text(200)}, got ""`],
  [{ min_order: 10 }, 'min_order is not a known field, got 10'],
])('refuses %j by name', async (change, expected) => {
  expect(await refusals({ ...rule, ...change })).toEqual([expected]);
});

describe('conditions', () => {
  const soups = { count: 'orders', match: { category: 'Супы' }, at_least: 1 };
  const conditions = { all_of: [soups, { any_of: [soups] }] };

  it('are taken in place of the old form', async () => {
    expect({ ...((await read({ tag: 'soup', conditions })) as object) }).toEqual({ tag: 'soup', conditions });
  });

  it('are refused by the path of the field', async () => {
    const bad = {
      all_of: [
        soups,
        {
          any_of: [
            { ...soups, at_least: 0 },
            { ...soups, dish: 1 },
          ],
        },
      ],
    };
    expect(await refusals({ tag: 5, conditions: bad })).toEqual([
      `tag ${text(200)}, got 5`,
      'conditions.all_of.1.any_of.0.at_least must be a whole number from 1 to 1000000, got 0',
      'conditions.all_of.1.any_of.1.dish is not a known field, got 1',
    ]);
    expect(await refusals({ tag: 'soup', conditions: null })).toEqual([
      'conditions must be an object with either all_of or any_of, got null',
    ]);
  });

  it('may stand beside the old form that says the same', async () => {
    const both = { tag: 'soup', conditions: { any_of: [{ ...soups, last_days: 7 }] } };
    const same = { match: { category: 'Супы' }, min_orders: 1, window_days: 7 };
    expect(await refusals({ ...both, ...same })).toEqual([]);
    expect(await refusals({ ...both, ...same, min_orders: 2 })).toEqual([
      'min_orders must say the same as conditions, got 2',
    ]);
    expect(await refusals({ tag: 'soup', conditions, match: same.match })).toEqual([
      'match must say the same as conditions, got {"category":"Супы"}',
    ]);
  });

  it('have paths, of which a preview takes one', async () => {
    const first = { all_of: [{ count: 'first_order', last_days: 3 }, soups] };
    const preview = (of: object) => refusals({ tag: 'soup', ...of }, PreviewInput);
    expect(await preview({ conditions, histogram_of: 'all_of.1.any_of.0' })).toEqual([]);
    expect(await preview({ match: soups.match, min_orders: 1, histogram_of: 'all_of.0' })).toEqual([]);
    for (const histogram_of of ['all_of.0', 'all_of.2', '', 'all_of.1.']) {
      expect(await preview({ conditions: first, histogram_of })).toEqual([
        `histogram_of must be the path of a condition that counts orders, items, money or days, got "${histogram_of}"`,
      ]);
    }
  });
});

it('names all that is wrong', async () => {
  expect(await refusals({ tag: 1, match: { category: 2 }, min_orders: 3.5, tags: 4 })).toHaveLength(4);
});

it('refuses what is no object', async () => {
  expect(await refusals([rule])).not.toEqual([]);
  expect(await refusals([])).not.toEqual([]);
});

it('takes for a preview the id of a rule, and nothing else in its place', async () => {
  const id = '0b0e5cbb-6a43-4d5c-9a0e-6f4b3d0a1c11';
  expect(await refusals({ ...rule, id, created_at: 'x' }, PreviewInput)).toEqual([]);
  expect(await refusals({ ...rule, id: 'x' }, PreviewInput)).toEqual(['id must be a UUID, got "x"']);
});

it('reads the numbers of a query', async () => {
  expect({ ...((await read({}, PageQuery)) as object) }).toEqual({ limit: 20 });
  expect({ ...((await read({ limit: '1000' }, PageQuery)) as object) }).toEqual({ limit: 1_000 });
  for (const limit of ['0', '1001', '-1', '1e2', ' 5', '', '5.0', 'x', ['1', '2']]) {
    expect(await refusals({ limit }, PageQuery)).toEqual([
      `limit must be a whole number from 1 to 1000, got ${JSON.stringify(/^\d+$/.test(String(limit)) ? Number(limit) : limit)}`,
    ]);
  }
  expect(await refusals({ cursor: 'x' }, PageQuery)).toEqual(['cursor must be a UUID, got "x"']);
  expect(await refusals({ page: '2' }, PageQuery)).toEqual(['page is not a known field, got "2"']);
});

describe('the moment of a figure', () => {
  const moment = (known_at: unknown) => refusals({ known_at }, FilterQuery);

  it.each(['2024-03-01T18:00:00Z', '2024-03-01T18:00:00.123456+03:00'])('may be %s', async (known_at) => {
    expect(await moment(known_at)).toEqual([]);
  });

  it.each([
    '2024-03-01',
    '2024-03-01T18:00:00',
    '2024-03-01T18:00:00 03:00',
    '2024-02-30T18:00:00Z',
    '2024-03-01T18:00:00+25:00',
    '2999-01-01T00:00:00Z',
    'infinity',
    7,
  ])('may not be %j', async (known_at) => {
    expect(await moment(known_at)).toEqual([
      `known_at must be a time YYYY-MM-DDTHH:MM:SS with a zone, Z or +HH:MM, that is not in the future, got ${JSON.stringify(known_at)}`,
    ]);
  });
});
