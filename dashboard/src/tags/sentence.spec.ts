import { describe, expect, it } from 'vitest';
import type { Condition, Conditions } from './answers';
import { english } from './english';
import { russian } from './russian';
import { clauseOf, sentenceOf, type Speech } from './sentence';

const names: Record<string, string> = { r1: 'Дома', p1: 'Маргарита' };
const speech = (grammar: Speech['grammar']): Speech => ({
  grammar,
  nameOf: (_, id) => names[id] ?? id,
  count: String,
  money: (value) => `${value} ₽`,
  day: (day) => day.replace(/(.+)-(.+)-(.+)/, '$3.$2.$1'),
});
const pizza = { product_pattern: 'пицц' };

const clauses: [condition: Condition, inEnglish: string, inRussian: string][] = [
  [
    { count: 'orders', match: pizza, at_least: 10 },
    'ordered a dish with “пицц” in its name at least 10 times',
    'заказывали блюдо с «пицц» в названии не меньше 10 раз',
  ],
  [
    { not: true, count: 'orders', match: pizza, at_least: 1, last_days: 30 },
    'did not order a dish with “пицц” in its name in the last 30 days',
    'не заказывали блюдо с «пицц» в названии за последние 30 дней',
  ],
  [
    { not: true, count: 'orders', match: { restaurant_id: 'r1' }, at_least: 1 },
    'did not order anything from “Дома”',
    'не заказывали ничего из ресторана «Дома»',
  ],
  [
    { not: true, count: 'orders', at_least: 3, last_days: 21 },
    'ordered anything fewer than 3 times in the last 21 days',
    'заказывали что угодно меньше 3 раз за последний 21 день',
  ],
  [
    { count: 'orders', match: { product_id: ['p1', 'p2', 'p3'] }, at_most: 1, last_days: 1 },
    'ordered “Маргарита”, “p2” or “p3” at most 1 time in the last day',
    'заказывали «Маргарита», «p2» или «p3» не больше 1 раза за последний 1 день',
  ],
  [
    { count: 'items', match: { category: ['Супы', 'Пицца'] }, at_least: 2, at_most: 22 },
    'ordered from 2 to 22 portions of a dish of the category “Супы” or “Пицца”',
    'заказали от 2 до 22 порций блюд из категории «Супы» или «Пицца»',
  ],
  [
    { not: true, count: 'items', at_least: 2, at_most: 5 },
    'ordered fewer than 2 or more than 5 portions of anything',
    'заказали меньше 2 или больше 5 порций любых блюд',
  ],
  [
    { count: 'money', match: pizza, at_least: 5000, from: '2026-01-01', to: '2026-02-01' },
    'spent at least 5000 ₽ on a dish with “пицц” in its name from 01.01.2026 to 31.01.2026',
    'потратили не меньше 5000 ₽ на блюдо с «пицц» в названии с 01.01.2026 по 31.01.2026',
  ],
  [
    { not: true, count: 'money', at_most: 100, from: '2026-01-01' },
    'spent more than 100 ₽ since 01.01.2026',
    'потратили больше 100 ₽ с 01.01.2026',
  ],
  [
    { count: 'days_since_last_order', match: pizza, at_least: 30 },
    'last ordered a dish with “пицц” in its name at least 30 days ago',
    'последний раз заказывали блюдо с «пицц» в названии не меньше 30 дней назад',
  ],
  [
    { count: 'days_since_last_order', at_least: 1, at_most: 1 },
    'last ordered anything exactly 1 day ago',
    'последний раз заказывали что угодно ровно 1 день назад',
  ],
  [
    { count: 'first_order', to: '2026-02-01' },
    'made their first order until 31.01.2026',
    'сделали первый заказ до 31.01.2026 включительно',
  ],
  [
    { not: true, count: 'first_order', last_days: 2 },
    'did not make their first order in the last 2 days',
    'не сделали первый заказ за последние 2 дня',
  ],
];

describe('a condition', () => {
  it.each(clauses)('%j is said in English and Russian', (condition, inEnglish, inRussian) => {
    expect(clauseOf(condition, speech(english))).toBe(inEnglish);
    expect(clauseOf(condition, speech(russian))).toBe(inRussian);
  });
});

it('a rule is one sentence, with groups in brackets', () => {
  const [a, b, c] = [1, 2, 3].map((at_least): Condition => ({ count: 'money', at_least }));
  const rule: Conditions = { all_of: [a!, { any_of: [b!, c!] }] };
  expect(sentenceOf(rule, speech(english))).toBe(
    'Guests who spent at least 1 ₽ and (spent at least 2 ₽ or spent at least 3 ₽)',
  );
  expect(sentenceOf({ any_of: [a!, { all_of: [b!] }] }, speech(russian))).toBe(
    'Гости, которые потратили не меньше 1 ₽ или потратили не меньше 2 ₽',
  );
});
