import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../bench/percentile';

/** Milliseconds of the answers to one kind of question. */
export interface AskedFigures {
  filter: string;
  question: string;
  p50: number;
  p95: number;
}

const questions = [
  'summary?',
  'timeline?',
  'popularity/categories?by=orders',
  'popularity/categories?by=users',
  'popularity/products?by=orders',
  'popularity/products?by=users',
  'popularity/restaurants?by=orders',
  'popularity/restaurants?by=users',
];

/** Filters by name; each call draws another one, so that hardly any is asked twice. */
const filters: Record<string, () => string> = {
  none: () => '',
  'days of the last 90': () => {
    const from = 1 + draw(90);
    return `&from=${day(from)}&to=${day(draw(from))}`;
  },
  'a restaurant': () => `&restaurant_id=restaurant${draw(100)}`,
  'a category': () => `&category=Category%20${draw(30)}`,
  times: () => {
    const from = 1 + draw(180);
    return `&from=${day(from)}%2012:34:56&to=${day(draw(from))}%2001:02:03`;
  },
};

/**
 * Asks each question so many times, one after the other. Before each, orders are counted, so that no kept answer holds
 * any more.
 * @param count lets it seem that orders were counted
 * @param moment parameters of a moment of the past; none: now
 */
export async function askDashboard(
  url: string,
  times: number,
  count: () => Promise<unknown>,
  moment = '',
): Promise<AskedFigures[]> {
  const figures: AskedFigures[] = [];
  for (const [filter, next] of Object.entries(filters)) {
    for (const question of questions) {
      const milliseconds: number[] = [];
      for (let asked = 0; asked < times; asked += 1) {
        await count();
        await pause(60); // longer than the service takes its last look for the newest
        const begun = performance.now();
        const response = await fetch(`${url}/api/${question}${next()}${moment}`);
        await response.text();
        milliseconds.push(performance.now() - begun);
        if (response.status !== 200) {
          throw new Error(`${response.url}: ${response.status}`);
        }
      }
      figures.push({
        filter,
        question: question.replace(/\?$/, ''),
        p50: percentile(milliseconds, 0.5),
        p95: percentile(milliseconds, 0.95),
      });
    }
  }
  return figures;
}

function draw(below: number): number {
  return Math.floor(Math.random() * below);
}

function day(back: number): string {
  return new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
}
