import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../bench/percentile';
import type { AskedFigures } from './ask-dashboard';

/** Rules by their kind; each call draws another one. */
const rules: Record<string, () => object> = {
  'orders of a category': () => ({ all_of: [{ count: 'orders', ...category(), at_least: 1 + draw(10) }] }),
  'portions of a dish': () => ({ all_of: [{ count: 'items', ...dish(), at_least: 1 + draw(5) }] }),
  'a part of a name, days': () => ({
    all_of: [{ count: 'orders', ...pattern(), at_least: 1 + draw(3), last_days: 1 + draw(90) }],
  }),
  'money at a restaurant': () => ({
    all_of: [
      { count: 'money', match: { restaurant_id: `restaurant${draw(100)}` }, at_least: 100 * (1 + draw(50)) },
    ],
  }),
  'lapsed: many once, none of late': () => ({
    all_of: [
      { count: 'orders', ...category(), at_least: 3 },
      { not: true, count: 'orders', ...category(), at_least: 1, last_days: 30 },
    ],
  }),
  'a part of a name, ever': () => ({ all_of: [{ count: 'orders', ...pattern(), at_least: 1 + draw(3) }] }),
  'lapsed from anything': () => ({
    all_of: [
      { count: 'orders', at_least: 3 },
      { not: true, count: 'orders', at_least: 1, last_days: 30 },
    ],
  }),
  'days since a category': () => ({
    all_of: [{ count: 'days_since_last_order', ...category(), at_least: 1 + draw(60) }],
  }),
  'items of any order': () => ({ all_of: [{ count: 'items', at_least: 1 + draw(50) }] }),
  'three of which any': () => ({
    any_of: [
      { count: 'orders', ...category(), at_least: 5 + draw(5) },
      { count: 'money', ...dish(), at_least: 1_000 },
      { count: 'items', ...pattern(), at_least: 10, last_days: 30 },
    ],
  }),
  'any order, money': () => ({ all_of: [{ count: 'money', at_least: 1_000 * (1 + draw(20)) }] }),
};

/** Asks for previews with a histogram, as a page does while somebody types, and for backtests, one after the other. */
export async function askPreviews(url: string, token: string, times: number): Promise<AskedFigures[]> {
  const figures: AskedFigures[] = [];
  await untilCopied(url, token);
  for (const [kind, next] of Object.entries(rules)) {
    for (const question of ['preview', 'backtest']) {
      const milliseconds: number[] = [];
      for (let asked = 0; asked < times; asked += 1) {
        const rule = { tag: 'tried', conditions: next() };
        const [join] = Object.keys(rule.conditions);
        const body = question === 'preview' ? { ...rule, histogram_of: `${join}.0` } : rule;
        milliseconds.push(await timeOf(`${url}/api/tag-rules/${question}`, token, body));
      }
      figures.push({
        filter: kind,
        question,
        p50: percentile(milliseconds, 0.5),
        p95: percentile(milliseconds, 0.95),
      });
    }
  }
  return figures;
}

/** The first previews are counted by PostgreSQL. */
async function untilCopied(url: string, token: string): Promise<void> {
  const asked = { tag: 'tried', conditions: rules['any order, money']!() };
  for (
    let times = 0;
    times < 60 && (await timeOf(`${url}/api/tag-rules/preview`, token, asked)) > 250;
    times += 1
  ) {
    await pause(1_000);
  }
}

/** Waits, and asks again, where it asks more often than cdm lets one address. */
async function timeOf(url: string, token: string, body: object): Promise<number> {
  const begun = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (response.status === 429) {
    await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
    return timeOf(url, token, body);
  }
  if (!response.ok) {
    throw new Error(`${JSON.stringify(body)}: ${answer}`);
  }
  return performance.now() - begun;
}

const category = () => ({ match: { category: `Category ${draw(30)}` } });
const dish = () => ({ match: { product_id: `dish${1 + draw(2_000)}` } });
const pattern = () => ({ match: { product_pattern: `dish ${1 + draw(200)}` } });

function draw(below: number): number {
  return Math.floor(Math.random() * below);
}
