import { daysBefore } from '@app/values/local-time';
import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveCondition, ActiveRule } from './active-rules';
import type { ConditionState } from './guest-counts';

export interface UserRule {
  userId: string;
  ruleId: string;
}

/** A rule that may say something else of a user than before. */
export interface DoubtfulRule extends UserRule {
  /** By how many more CLOSED orders the user has than `cdm.users` says so far. */
  more: number;
  /** The conditions that orders match which came: a bit of each number. */
  touched: number;
  /** Whether it is to be judged whatever its state says. */
  isSure: boolean;
}

/** What the ledger says of a user under the conditions of a rule. */
export interface CountedRule extends UserRule {
  /** CLOSED orders of the user. */
  closed: number;
  /** What the state says that is stored. */
  held: boolean;
  conditions: ConditionState[];
}

/**
 * Counts from the ledger under all conditions of rules, by one statement. Left out is what cannot have changed: where
 * orders have only come, of conditions that do not decide or fewer than the state says, and its time has not come.
 * @param now the present, local at the source
 */
export async function countConditions(
  client: Client,
  doubtful: DoubtfulRule[],
  rules: ActiveRule[],
  now: string,
): Promise<CountedRule[]> {
  if (doubtful.length === 0) {
    return [];
  }
  const { rows } = await client.query<Omit<CountedRule, 'conditions'> & { conditions: string }>(statement, [
    ...pairs.arrays(
      doubtful.map(({ userId, ruleId, more, touched, isSure }) => ({
        user_id: userId,
        rule_id: ruleId,
        more,
        touched,
        is_sure: isSure,
      })),
    ),
    ...askedOf(rules, now),
    now,
  ]);
  return rows.map((row) => ({ ...row, conditions: JSON.parse(row.conditions) as ConditionState[] }));
}

const pairs = columns({
  user_id: 'uuid',
  rule_id: 'uuid',
  more: 'integer',
  touched: 'integer',
  is_sure: 'boolean',
});
const asked = columns({
  rule_id: 'uuid',
  empty_slack: 'integer?',
  empty_watched: 'integer',
  number: 'smallint',
  counts: 'text',
  kind: 'text',
  ids: 'text',
  at_least: 'numeric?',
  at_most: 'numeric?',
  days: 'integer?',
  since: 'timestamp?',
  first_day: 'timestamp?',
  end_day: 'timestamp?',
});

/** The conditions of the batch before, which has the same ones in most cases. */
let askedLast: { rules: ActiveRule[]; now: string; arrays: Buffer[] } | undefined;

function askedOf(rules: ActiveRule[], now: string): Buffer[] {
  const isSame =
    askedLast?.now === now &&
    askedLast.rules.length === rules.length &&
    askedLast.rules.every(({ id, list }, place) => id === rules[place]!.id && list === rules[place]!.list);
  if (!isSame) {
    const rows = rules.flatMap((rule) => rule.list.map((condition) => rowOf(rule, condition, now)));
    askedLast = { rules, now, arrays: asked.arrays(rows) };
  }
  return askedLast!.arrays;
}

function rowOf({ id, ofEmpty }: ActiveRule, { number, condition, match }: ActiveCondition, now: string) {
  const { count, at_least, at_most, last_days, from, to } = condition;
  return {
    rule_id: id,
    empty_slack: ofEmpty.slack,
    empty_watched: ofEmpty.watched,
    number,
    counts: count,
    kind: match.kind,
    ids: `{${'ids' in match ? match.ids.join() : ''}}`,
    at_least: at_least === undefined ? null : String(at_least),
    at_most: at_most === undefined ? null : String(at_most),
    days: last_days ?? null,
    since: last_days === undefined ? null : daysBefore(now, last_days),
    first_day: from === undefined ? null : `${from} 00:00:00`,
    end_day: to === undefined ? null : `${to} 00:00:00`,
  };
}

/** After the columns of pairs and conditions. */
const NOW = '$19::timestamp';

/** Whether an order matches; with several keys by the operators of lists, which are quick while one list is short. */
const matches = /* sql */ `
  CASE kind
    WHEN 'any' THEN true
    WHEN 'category' THEN category_ids && ids
    WHEN 'product' THEN product_ids && ids
    WHEN 'restaurant' THEN restaurant_id = ANY (ids)
    ELSE EXISTS (
      SELECT 1 FROM cdm.tag_rule_products product
      WHERE product.rule_id = condition.rule_id AND product.condition = number AND product.product_id = ANY (product_ids))
  END`;

/** What an order that matches adds to the number of a condition. */
const worth = /* sql */ `
  CASE
    WHEN counts = 'items' AND kind IN ('any', 'restaurant') THEN (SELECT sum(quantity) FROM unnest(quantities) AS quantity)
    WHEN counts = 'money' AND kind IN ('any', 'restaurant') THEN payment
    WHEN counts IN ('items', 'money') THEN (
      SELECT sum(CASE counts WHEN 'items' THEN quantity ELSE amount END)
      FROM unnest(product_ids, category_ids, quantities, amounts) AS line (product_id, category_id, quantity, amount)
      WHERE CASE kind
        WHEN 'category' THEN line.category_id = ANY (ids)
        WHEN 'product' THEN line.product_id = ANY (ids)
        ELSE EXISTS (
          SELECT 1 FROM cdm.tag_rule_products product
          WHERE product.rule_id = condition.rule_id AND product.condition = number AND product.product_id = line.product_id)
      END)
  END`;

/**
 * Whether a condition holds, when time may change that (`until` is the first moment of the other answer), and how
 * many more orders may. A number with a window falls as time goes on: it stays enough until the newest orders that
 * are enough begin to leave.
 */
const judged = /* sql */ `
  SELECT
    CASE counts
      WHEN 'days_since_last_order' THEN NOT is_recent AND is_not_long_ago
      WHEN 'first_order' THEN coalesce(
        (since IS NULL OR first_dt > since) AND (first_day IS NULL OR first_dt >= first_day) AND (end_day IS NULL OR first_dt < end_day), false)
      ELSE is_enough AND NOT is_too_much
    END AS holds,
    CASE counts
      WHEN 'days_since_last_order' THEN least(
        CASE WHEN is_recent THEN last_dt + make_interval(days => at_least::integer) END,
        CASE WHEN is_not_long_ago THEN last_dt + make_interval(days => at_most::integer + 1) END)
      WHEN 'first_order' THEN CASE WHEN first_dt > since THEN first_dt + make_interval(days => days) END
      ELSE least(enough_dt, too_much_dt) + make_interval(days => days)
    END AS until,
    CASE counts
      WHEN 'days_since_last_order' THEN CASE WHEN NOT is_not_long_ago OR (at_least IS NOT NULL AND NOT is_recent) THEN 1 END
      WHEN 'first_order' THEN CASE WHEN first_dt IS NULL OR first_dt >= end_day THEN 1 END
      ELSE CASE WHEN NOT is_enough THEN CASE counts WHEN 'orders' THEN at_least - total ELSE 1 END
        WHEN at_most IS NOT NULL AND NOT is_too_much THEN CASE counts WHEN 'orders' THEN at_most - total + 1 ELSE 1 END END
    END::integer AS slack
  FROM (
    SELECT coalesce(total >= at_least, true) AS is_enough, coalesce(total > at_most, false) AS is_too_much,
      coalesce(last_dt > ${NOW} - make_interval(days => at_least::integer), false) AS is_recent,
      at_most IS NULL OR coalesce(last_dt > ${NOW} - make_interval(days => at_most::integer + 1), false) AS is_not_long_ago
  ) AS compared`;

/**
 * Without a name: it finds its rows by joins, and a plan that was made while the tables were small would read them in
 * full until PostgreSQL has counted their rows again. States and orders stand beside the user, by whom a distributed
 * PostgreSQL spreads all of them.
 */
const statement = /* sql */ `
  WITH condition AS MATERIALIZED (
    SELECT rule_id, empty_slack, empty_watched, number, counts, kind, ids::uuid[] AS ids, at_least, at_most, days, since, first_day, end_day,
      greatest(CASE WHEN counts <> 'first_order' THEN since END, '-infinity') AS after_dt,
      greatest(CASE WHEN counts <> 'first_order' THEN first_day END, '-infinity') AS from_dt,
      least(CASE WHEN counts <> 'first_order' THEN end_day END, 'infinity') AS before_dt
    FROM ${asked.unnest('condition', 6)}
  ), pair AS MATERIALIZED (
    SELECT * FROM ${pairs.unnest('pair')}
  ), rule AS MATERIALIZED (
    SELECT DISTINCT rule_id, empty_slack, empty_watched FROM condition
  )
  SELECT user_id AS "userId", counted.rule_id AS "ruleId", min(closed) AS closed, bool_or(held) AS held,
    json_agg(json_build_object('holds', holds, 'until', CASE WHEN until < '9999-01-01' THEN until::text END, 'slack', slack,
      'matched', matched) ORDER BY number) AS conditions
  FROM (
    SELECT doubtful.user_id, doubtful.rule_id, number, min(closed) AS closed, bool_or(held) AS held,
      count(order_dt)::integer AS matched, sum(${worth}) FILTER (WHERE counts IN ('items', 'money')) AS sum,
      min(order_dt) AS first_dt, max(order_dt) AS last_dt,
      array_agg(order_dt ORDER BY order_dt DESC) FILTER (WHERE days IS NOT NULL AND counts = 'orders') AS times
    FROM (
      SELECT holder.user_id, pair.rule_id, closed_order_cnt + more AS closed, coalesce(holds, false) AS held
      FROM cdm.users holder JOIN pair ON pair.user_id = holder.user_id JOIN rule ON rule.rule_id = pair.rule_id
      LEFT JOIN cdm.user_rule_states known ON known.user_id = holder.user_id AND known.rule_id = pair.rule_id
      WHERE ${pairs.isAmong('holder', 'user_id')} AND (
        is_sure OR until <= ${NOW}
        OR (touched & CASE WHEN known.user_id IS NULL THEN empty_watched ELSE watched END <> 0
          AND closed_order_cnt + more >= CASE WHEN known.user_id IS NULL THEN empty_slack ELSE recheck_cnt END))
    ) AS doubtful
    JOIN condition ON condition.rule_id = doubtful.rule_id
    LEFT JOIN cdm.order_versions placed ON placed.user_id = doubtful.user_id AND status = 'CLOSED'
      AND order_dt > after_dt AND order_dt >= from_dt AND order_dt < before_dt AND ${matches}
    GROUP BY doubtful.user_id, doubtful.rule_id, number
  ) AS counted
  JOIN condition USING (rule_id, number)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN counts IN ('items', 'money') THEN coalesce(sum, 0) ELSE matched END AS total
  ) AS added
  CROSS JOIN LATERAL (
    SELECT CASE WHEN counts = 'orders' THEN times[at_least::integer] WHEN total >= at_least THEN first_dt END AS enough_dt,
      CASE WHEN counts = 'orders' THEN times[at_most::integer + 1] WHEN total > at_most THEN first_dt END AS too_much_dt
  ) AS moments
  CROSS JOIN LATERAL (${judged}) AS judged
  GROUP BY user_id, counted.rule_id`;
