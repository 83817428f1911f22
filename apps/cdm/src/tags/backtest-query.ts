import { combine, listConditions, sums, type Condition, type Conditions, type Counted } from './conditions';
import { emptyGuest } from './guest-counts';
import { matchSql, parameters, periodSql, type Value } from './members-query';

/** What a condition adds to the query: to each order, to each change of a guest, and to the answer of a day. */
interface ConditionSteps {
  matches: string;
  /** What the order brings to the condition, as columns of an order. */
  order: string;
  /** Columns of a change: what comes with an order, and what leaves at one of the moments below. */
  come: string[];
  leave: string[];
  /** Moments after an order at which time alone changes the condition. */
  moments: string[];
  /** How changes of one day are joined, and those of all days until then. */
  join: (column: string) => string;
  columns: string[];
  /** Over those columns, and the moment `t` that ends the day. */
  holds: string;
}

/** A query, and its parameters. */
export interface BacktestQuery {
  text: string;
  values: unknown[];
}

/**
 * For whom a rule would have held on each day, had it been in force: a row for each guest and day on which that
 * changes, with `day` and `holds`. An order counts from the day on which it was made, as the ledger has it now; a day
 * is judged as it ends, today as of now. A guest is one from the day of their first order on. What was before the first
 * day stands on the day before it.
 * @param products what patterns stand for, by the number of the condition
 * @param now the present, local at the source
 * @param firstDay `YYYY-MM-DD`
 */
export function backtestQuery(
  conditions: Conditions,
  products: ReadonlyMap<number, string[]>,
  now: string,
  firstDay: string,
): BacktestQuery {
  const { values, value } = parameters(1);
  const present = value('timestamp', now);
  const steps = listConditions(conditions).map(({ condition }, number) =>
    stepsOf(condition, number, products.get(number) ?? [], value),
  );
  const names = steps.flatMap(({ columns }) => columns);
  const joined = (over: string) =>
    steps
      .flatMap(({ columns, join }) => columns.map((column) => `${join(column)}${over} AS ${column}`))
      .join(', ');
  const text = /* sql */ `
    WITH placed AS (
      SELECT user_id, order_dt, ${steps.map(({ order }) => order).join(', ')}
      FROM cdm.order_versions
      WHERE status = 'CLOSED' AND (${[...new Set(steps.map(({ matches }) => matches))].join(' OR ')})
    ), change AS (
      SELECT user_id, day, ${names.join(', ')}
      FROM placed CROSS JOIN LATERAL (VALUES ${changesOf(steps, present).join(', ')}) AS change (day, is_over, ${names.join(', ')})
      WHERE is_over
      ${emptyGuest(conditions).holds ? `UNION ALL ${newGuests(present, names)}` : ''}
    ), daily AS (
      SELECT user_id, greatest(day, ${value('date', firstDay)} - 1) AS day, ${joined('')} FROM change GROUP BY 1, 2
    ), until AS (
      SELECT user_id, day, least((day + 1)::timestamp, ${present}) AS t, ${joined(' OVER days')}
      FROM daily WINDOW days AS (PARTITION BY user_id ORDER BY day)
    ), judged AS (
      SELECT user_id, day, ${holdsOf(conditions, steps)} AS holds FROM until
    )
    SELECT user_id, day, holds FROM (
      SELECT *, lag(holds, 1, false) OVER (PARTITION BY user_id ORDER BY day) AS held FROM judged
    ) AS compared
    WHERE holds <> held`;
  return { text, values };
}

/** What an order changes: on its day, and at moments after it that have come. */
function changesOf(steps: ConditionSteps[], present: string): string[] {
  const come = `(least(order_dt::date, ${present}::date), true, ${steps.flatMap((step) => step.come).join(', ')})`;
  const leave = steps.flatMap((step) => {
    const changes = steps.flatMap((one) =>
      one.columns.map((_, place) => (one === step ? step.leave[place]! : 'NULL')),
    );
    // What leaves at midnight leaves on the day that ends then.
    return step.moments.map(
      (moment) =>
        `((${moment} - interval '1 microsecond')::date, ${moment} <= ${present}, ${changes.join(', ')})`,
    );
  });
  return [come, ...leave];
}

function holdsOf(conditions: Conditions, steps: ConditionSteps[]): string {
  return combine(
    conditions,
    steps.map(({ holds }) => holds),
    (members) => `(${members.join(' AND ')})`,
    (members) => `(${members.join(' OR ')})`,
  );
}

/** Whom a rule holds for without an order, it holds for from their first order on, of whatever status. */
function newGuests(present: string, names: string[]): string {
  const nothing = names.map(() => 'NULL').join(', ');
  return /* sql */ `
    SELECT user_id, least(min(order_dt)::date, ${present}::date), ${nothing} FROM cdm.order_versions GROUP BY user_id`;
}

function stepsOf(condition: Condition, number: number, products: string[], value: Value): ConditionSteps {
  const { not, count } = condition;
  const steps = (sums as readonly Counted[]).includes(count)
    ? summed(condition, number, products, value)
    : count === 'first_order'
      ? firstOrder(condition, number, value)
      : sinceLast(condition, number, products, value);
  return { ...steps, holds: not ? `NOT ${steps.holds}` : steps.holds };
}

const days = (count: number) => `interval '${count} days'`;

function summed(condition: Condition, number: number, products: string[], value: Value): ConditionSteps {
  const { count, at_least, at_most, last_days } = condition;
  const { matches, worth } = matchSql(condition, products, value);
  const fixed = periodSql('order_dt', { ...condition, last_days: undefined }, '', value);
  const brought = count === 'orders' ? '1' : `coalesce(${worth}, 0)`;
  const column = `sum_${number}`;
  const total = `coalesce(${column}, 0)`;
  return {
    matches,
    order: `CASE WHEN ${[matches, ...fixed].join(' AND ')} THEN ${brought} END AS worth_${number}`,
    come: [`worth_${number}`],
    leave: [`-worth_${number}`],
    moments:
      last_days === undefined
        ? []
        : [`CASE WHEN worth_${number} IS NOT NULL THEN order_dt + ${days(last_days)} END`],
    columns: [column],
    join: (of) => `sum(${of})`,
    holds: `(${[
      ...(at_least === undefined ? [] : [`${total} >= ${value('numeric', at_least)}`]),
      ...(at_most === undefined ? [] : [`${total} <= ${value('numeric', at_most)}`]),
    ].join(' AND ')})`,
  };
}

function sinceLast(condition: Condition, number: number, products: string[], value: Value): ConditionSteps {
  const { at_least, at_most } = condition;
  const { matches } = matchSql(condition, products, value);
  const column = `last_${number}`;
  const bounds = [at_least, at_most === undefined ? undefined : at_most + 1].filter(
    (one) => one !== undefined,
  );
  return {
    matches,
    order: `CASE WHEN ${matches} THEN order_dt END AS at_${number}`,
    come: [`at_${number}`],
    leave: ['NULL'],
    moments: bounds.map((bound) => `at_${number} + ${days(bound)}`),
    columns: [column],
    join: (of) => `max(${of})`,
    holds: `(${[
      ...(at_least === undefined ? [] : [`coalesce(${column} <= t - ${days(at_least)}, true)`]),
      ...(at_most === undefined ? [] : [`coalesce(${column} > t - ${days(at_most + 1)}, false)`]),
    ].join(' AND ')})`,
  };
}

function firstOrder(condition: Condition, number: number, value: Value): ConditionSteps {
  const { last_days } = condition;
  const column = `first_${number}`;
  const fixed = periodSql(column, { ...condition, last_days: undefined }, '', value);
  const window = last_days === undefined ? [] : [`${column} > t - ${days(last_days)}`];
  return {
    matches: 'true',
    order: `order_dt AS first_at_${number}`,
    come: [`first_at_${number}`],
    leave: ['NULL'],
    moments: last_days === undefined ? [] : [`order_dt + ${days(last_days)}`],
    columns: [column],
    join: (of) => `min(${of})`,
    holds: `coalesce(${[...window, ...fixed].join(' AND ')}, false)`,
  };
}
