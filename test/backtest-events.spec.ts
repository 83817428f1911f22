import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BacktestAnswer } from '../apps/cdm/src/tags/tag-rule.contract';
import { Random } from '../dev/orders/random';
import { restaurantEntry, townOf, type Menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { putRules } from './guarantees/tags/put-rules';
import { randomConditions, thingsOf } from './guarantees/tags/random-conditions';
import { eventually } from './harness/eventually';
import type { ServiceProcess } from './harness/service-process';
import { usePipeline } from './harness/use-pipeline';
import { drawSeed, isLong } from './history/seed';
import type { Condition, Joined, Rule } from './oracle/tags';

/*
 * A backtest of a rule that was in force all the time says of each day what the events said when it ended. Each day of
 * the clock of cdm has orders, corrections of the same day, and dishes that get another name with the same beginning.
 */
const DAYS = isLong ? 90 : 7;
const RULES = isLong ? 100 : 30;
const USERS = 12;
const FIRST_DAY = '2026-03-01';
const TOKEN = 'the token of this test';
const known = '2021-01-01 00:00:00';
const DAY_MS = 86_400_000;

const menus: Menu[] = [
  { d1: ['Пицца с грибами', 'Выпечка'], d2: ['Борщ', 'Супы'], d3: ['Квас', 'Напитки'] },
  { d4: ['ПИЦЦЕТТА', 'Выпечка'], d5: ['Ёжик', 'Закуски'], d6: ['Чай', 'Напитки'] },
];
const dictionary = townOf(USERS, menus, known);

const pipeline = usePipeline();
const random = new Random(drawSeed(), 'days');
let cdm: ServiceProcess;
let clock: string;

beforeAll(async () => {
  clock = join(pipeline.logs, 'clock');
  setClock(FIRST_DAY);
  await pipeline.service('cdm').stop();
  cdm = pipeline.replica('cdm', { CLOCK_FILE: clock, API_TOKEN: TOKEN }, 'dist-failpoints');
  await cdm.start();
});
afterAll(() => rmSync(clock, { force: true }));

/** Sets it to the beginning of the day. It goes on from there. */
function setClock(day: string): void {
  writeFileSync(clock, String(Date.parse(day) - Date.now()));
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Numbers and periods that matter within so few days. */
function withinDays(rule: Joined<Condition | Joined<Condition>>): Rule['conditions'] {
  const shortened = JSON.parse(JSON.stringify(rule), (key, value: unknown) => {
    if (key === 'last_days') {
      return random.integer(1, 5);
    }
    if (key === 'from' || key === 'to') {
      const half = Math.ceil(DAYS / 2);
      return dayAfter(
        FIRST_DAY,
        key === 'from' ? random.integer(0, half) : random.integer(half + 1, DAYS + 1),
      );
    }
    const condition = value as Condition;
    if (condition.count === 'days_since_last_order') {
      const [least, most] = [random.integer(1, 3), random.integer(3, 5)];
      return {
        ...condition,
        ...(condition.at_least !== undefined && { at_least: least }),
        ...(condition.at_most !== undefined && { at_most: most }),
      };
    }
    return value;
  }) as Rule['conditions'];
  return shortened;
}

/** Orders made on a day, some of which are corrected before it ends. */
function ordersOf(day: string, number: number): { value: string; partition: number }[] {
  return Array.from({ length: 14 }, (_, place) => {
    const id = number * 100 + place;
    const restaurant = random.integer(0, menus.length - 1);
    const order = {
      id,
      user: `u${random.integer(0, Math.min(USERS - 1, 2 + number))}`,
      restaurant: `r${restaurant}`,
      date: `${day} ${String(random.integer(2, 21)).padStart(2, '0')}:30:00`,
    };
    return Array.from({ length: random.integer(1, 3) }, (__, version) => ({
      partition: id % 6,
      value: sourceText({
        ...order,
        items: Array.from({ length: random.integer(1, 3) }, () =>
          line(
            random.pick(Object.keys(menus[restaurant]!)),
            random.integer(1, 900) / 2,
            random.integer(1, 4),
          ),
        ),
        status: random.pick(['CLOSED', 'CLOSED', 'CLOSED', 'CANCELLED', 'COOKING']),
        updateTs: `${day} 22:0${version}:00`,
      }),
    }));
  }).flat();
}

/** Another name of a dish, for which the same patterns stand. */
function renamed(day: string): Record<string, string> {
  const restaurant = random.integer(0, menus.length - 1);
  const menu = Object.fromEntries(
    Object.entries(menus[restaurant]!).map(([dish, [name, category]]): [string, [string, string]] => [
      dish,
      [random.chance(0.5) ? `${name.toUpperCase()} ${day}` : name, category],
    ]),
  );
  return { [`r${restaurant}`]: restaurantEntry(`r${restaurant}`, 'Place', menu, `${day} 01:00:00`) };
}

/** By tag, who holds it by the events so far. */
async function holders(): Promise<Map<string, Set<string>>> {
  const events = await pipeline.database.rows<{ tag: string; event: string; user_id: string }>(
    'SELECT tag, event, user_id FROM cdm.user_tag_events ORDER BY user_id, event_number',
  );
  const held = new Map<string, Set<string>>();
  for (const { tag, event, user_id } of events) {
    const users = held.get(tag) ?? new Set();
    held.set(tag, users);
    users[event === 'assigned' ? 'add' : 'delete'](user_id);
  }
  return held;
}

async function untilDayEnds(day: string): Promise<void> {
  const end = dayAfter(day, 1);
  await pipeline.settled();
  await eventually(async () => {
    const late = await pipeline.database.rows('SELECT FROM cdm.user_rule_states WHERE until <= $1', [end]);
    return late.length === 0 ? undefined : `${late.length} states have expired`;
  }, 60_000);
}

async function backtest({ tag, conditions }: Pick<Rule, 'tag' | 'conditions'>): Promise<BacktestAnswer> {
  for (;;) {
    const response = await fetch(`${cdm.url}/api/tag-rules/backtest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tag, conditions }),
    });
    if (response.status !== 429) {
      return (await response.json()) as BacktestAnswer;
    }
    await pause(1_000 * Number(response.headers.get('retry-after')));
  }
}

it(`a backtest equals the events of ${DAYS} days`, async () => {
  const things = thingsOf(dictionary);
  const rules = Array.from({ length: RULES }, (_, number) => ({
    tag: `rule ${number}`,
    conditions: withinDays(randomConditions(random, things)),
  }));
  await pipeline.dictionary.put(dictionary);
  await putRules(pipeline, rules);
  await pipeline.settled();

  const ends: Map<string, Set<string>>[] = [new Map()];
  for (let number = 0; number < DAYS; number += 1) {
    const day = dayAfter(FIRST_DAY, number);
    setClock(dayAfter(day, 1));
    await pipeline.dictionary.put(renamed(day));
    await pipeline.sendOrders(ordersOf(day, number));
    await untilDayEnds(day);
    ends.push(await holders());
  }

  let moved = 0;
  for (const rule of rules) {
    const { days, gains } = await backtest(rule);
    const shown = `${rule.tag}: ${JSON.stringify(rule.conditions)}`;
    const all = ends.slice(1).map((held, place) => {
      const [before, now] = [ends[place]!.get(rule.tag) ?? new Set(), held.get(rule.tag) ?? new Set()];
      return {
        day: dayAfter(FIRST_DAY, place),
        users: now.size,
        gained: [...now].filter((user) => !before.has(user)),
        lost: [...before].filter((user) => !now.has(user)).length,
      };
    });
    const expected = all.slice(-89);
    const found = days.filter(({ day }) => day >= FIRST_DAY);
    const today = { day: dayAfter(FIRST_DAY, DAYS), users: expected.at(-1)!.users, gained: 0, lost: 0 };
    expect([shown, ...found]).toEqual([
      shown,
      ...expected.map((one) => ({ ...one, gained: one.gained.length })),
      today,
    ]);
    const gained = expected.flatMap((one) => one.gained.map((user) => `${one.day} ${user}`));
    expect(gained).toEqual(expect.arrayContaining(gains.map(({ day, user_id }) => `${day} ${user_id}`)));
    expect(gains).toHaveLength(Math.min(100, gained.length));
    moved += expected.filter((one) => one.gained.length + one.lost > 0).length;
  }
  // Else the rules were too narrow or too wide to show anything.
  expect(moved).toBeGreaterThan(RULES);
}, 900_000);
