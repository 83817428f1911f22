import { daysBefore } from '@app/values/local-time';
import { combine, listConditions, reportedCondition, type Condition, type Conditions } from './conditions';
import { matchOf } from './tag-rule';

/** Parts of a query over the ledger, with the values of its parameters. */
export interface GuestQuery {
  /** A query with a row for each guest with orders: \`user_id\`, and what the conditions count. */
  counted: string;
  /** Over a guest, and their row of \`counted\` if any: whether the rule holds. */
  holds: string;
  /** The number of orders that is reported. */
  orders: string;
  /** The number of each condition; null where no order matches, and of first_order. */
  numbers: string[];
  values: unknown[];
}

/**
 * The guests for whom a rule holds, with the number of orders that is reported: one query over the ledger, which says
 * what tags must be.
 */
export function membersQuery({ counted, holds, orders }: Omit<GuestQuery, 'values'>): string {
  return /* sql */ `
    SELECT user_id, ${orders} AS order_cnt
    FROM cdm.users LEFT JOIN (${counted}) AS counted USING (user_id)
    WHERE ${holds}`;
}

/**
 * @param products what patterns stand for, by the number of the condition
 * @param now the present, local at the source
 * @param first number of the first parameter
 */
export function guestQuery(
  conditions: Conditions,
  products: ReadonlyMap<number, string[]>,
  now: string,
  first = 1,
): GuestQuery {
  const { values, value } = parameters(first);
  const list = listConditions(conditions).map(({ condition }, number) =>
    sqlOf(condition, number, products.get(number) ?? [], now, value),
  );
  const reported = reportedCondition(conditions);
  return {
    // What no condition counts is left out before it is grouped.
    counted: /* sql */ `
      SELECT user_id, ${list.map(({ columns }) => columns).join(', ')}
      FROM cdm.order_versions
      WHERE status = 'CLOSED' AND (${[...new Set(list.map(({ matches }) => matches))].join(' OR ')})
      GROUP BY user_id`,
    holds: combine(
      conditions,
      list.map(({ holds }) => holds),
      (members) => `(${members.join(' AND ')})`,
      (members) => `(${members.join(' OR ')})`,
    ),
    orders: reported < 0 ? '0' : `coalesce(orders_${reported}, 0)::integer`,
    numbers: list.map(({ number }) => number),
    values,
  };
}

/** Gives a value its parameter, with the name of its type. */
export type Value = (type: string, of: unknown) => string;

/** @param first number of the first parameter */
export function parameters(first: number): { values: unknown[]; value: Value } {
  const values: unknown[] = [];
  const value = (type: string, of: unknown) => {
    const known = values.indexOf(of);
    const place = known >= 0 ? known : values.push(of) - 1;
    return `$${first + place}::${type}`;
  };
  return { values, value };
}

interface ConditionSql {
  /** Whether an order matches, in whatever period. */
  matches: string;
  columns: string;
  holds: string;
  number: string;
}

function sqlOf(
  condition: Condition,
  number: number,
  products: string[],
  now: string,
  value: Value,
): ConditionSql {
  const { not, count } = condition;
  const sql = count === 'first_order' ? firstOrder(condition, number, now, value) : counting();
  return { ...sql, holds: not ? `NOT ${sql.holds}` : sql.holds };

  function counting(): ConditionSql {
    const { matches, worth } = matchSql(condition, products, value);
    const filter = `FILTER (WHERE ${[matches, ...periodSql('order_dt', condition, now, value)].join(' AND ')})`;
    const orders = `count(*) ${filter} AS orders_${number}`;
    if (count === 'orders') {
      return {
        matches,
        columns: orders,
        ...compared(`coalesce(orders_${number}, 0)`, condition, value),
        number: `nullif(orders_${number}, 0)`,
      };
    }
    if (count === 'days_since_last_order') {
      const days = `floor(extract(epoch FROM ${value('timestamp', now)} - max(order_dt) ${filter}) / 86400)`;
      return {
        matches,
        columns: `${orders}, max(order_dt) ${filter} AS last_${number}, greatest(${days}, 0) AS days_${number}`,
        holds: daysSince(`last_${number}`, condition, now, value),
        // The greatest of nothing and 0 would be 0.
        number: `CASE WHEN orders_${number} > 0 THEN days_${number} END`,
      };
    }
    const sum = `sum_${number}`;
    return {
      matches,
      columns: `${orders}, sum(${worth}) ${filter} AS ${sum}`,
      ...compared(`coalesce(${sum}, 0)`, condition, value),
      number: `CASE WHEN orders_${number} > 0 THEN ${sum} END`,
    };
  }
}

function compared(number: string, { at_least, at_most }: Condition, value: Value): { holds: string } {
  const least = at_least === undefined ? [] : [`${number} >= ${value('numeric', at_least)}`];
  const most = at_most === undefined ? [] : [`${number} <= ${value('numeric', at_most)}`];
  return { holds: `(${[...least, ...most].join(' AND ')})` };
}

/** An order of the future was made no whole day ago. */
function daysSince(last: string, { at_least, at_most }: Condition, now: string, value: Value): string {
  const since = (days: number) => value('timestamp', daysBefore(now, days));
  return `(${[
    ...(at_least === undefined ? [] : [`coalesce(${last} <= ${since(at_least)}, true)`]),
    ...(at_most === undefined ? [] : [`coalesce(${last} > ${since(at_most + 1)}, false)`]),
  ].join(' AND ')})`;
}

function firstOrder(condition: Condition, number: number, now: string, value: Value): ConditionSql {
  const first = `first_${number}`;
  const parts = periodSql(first, condition, now, value);
  return {
    matches: 'true',
    columns: `min(order_dt) AS ${first}`,
    holds: `coalesce(${parts.join(' AND ')}, false)`,
    number: 'NULL',
  };
}

/** Conditions on a time; empty without a period. */
export function periodSql(
  time: string,
  { last_days, from, to }: Condition,
  now: string,
  value: Value,
): string[] {
  return [
    ...(last_days === undefined ? [] : [`${time} > ${value('timestamp', daysBefore(now, last_days))}`]),
    ...(from === undefined ? [] : [`${time} >= ${value('timestamp', from)}`]),
    ...(to === undefined ? [] : [`${time} < ${value('timestamp', to)}`]),
  ];
}

/** Whether an order matches, and the items or the money of what matches in it. */
export function matchSql(
  condition: Condition,
  products: string[],
  value: Value,
): { matches: string; worth: string } {
  const match = matchOf(condition);
  const [lines, whole] =
    condition.count === 'money'
      ? ['amounts', 'payment']
      : ['quantities', sumOf('unnest(quantities) AS line (worth)')];
  if (match.kind === 'any') {
    return { matches: 'true', worth: whole };
  }
  const keys = match.kind === 'pattern' ? products : match.ids;
  const ids = value('uuid[]', `{${keys.join()}}`);
  if (match.kind === 'restaurant') {
    return { matches: `restaurant_id = ANY (${ids})`, worth: whole };
  }
  const column = match.kind === 'category' ? 'category_ids' : 'product_ids';
  return {
    // Comparing two lists is quick only while one of them is short; a pattern may stand for many products.
    matches:
      keys.length > FEW_KEYS
        ? `EXISTS (SELECT 1 FROM unnest(${column}) AS line (id) WHERE line.id = ANY (${ids}))`
        : `${column} && ${ids}`,
    worth: sumOf(`unnest(${column}, ${lines}) AS line (id, worth) WHERE line.id = ANY (${ids})`),
  };
}

const FEW_KEYS = 30;

const sumOf = (lines: string) => `(SELECT sum(line.worth) FROM ${lines})`;
