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
  'any order, money': () => ({ all_of: [{ count: 'money', at_least: 1_000 * (1 + draw(20)) }] }),
};

/** Asks for previews with a histogram, as a page does while somebody types, and for backtests, one after the other. */
export async function askPreviews(url: string, token: string, times: number): Promise<AskedFigures[]> {
  const figures: AskedFigures[] = [];
  for (const [kind, next] of Object.entries(rules)) {
    for (const question of ['preview', 'backtest']) {
      const milliseconds: number[] = [];
      for (let asked = 0; asked < times; asked += 1) {
        const rule = { tag: 'tried', conditions: next() };
        const body = question === 'preview' ? { ...rule, histogram_of: 'all_of.0' } : rule;
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
