import { columns } from '@app/warehouse/columns';

/** Guests, with lists of the rules in doubt, by their places, as the texts of arrays. */
export const guests = columns({
  user_id: 'uuid',
  more: 'integer',
  rules: 'text',
  touched: 'text',
  orders: 'text',
  sure: 'text',
});

/** Rules in force. */
export const askedRules = columns({
  rule: 'smallint',
  rule_id: 'uuid',
  any_order: 'integer',
  empty_slack: 'integer?',
  empty_watched: 'integer',
});

/** Their conditions, by a place among all. */
export const askedConditions = columns({
  place: 'integer',
  rule: 'smallint',
  rule_id: 'uuid',
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

/** Numbers of parameters: the columns of guests come first. */
const RULES = 1 + guests.size;
const CONDITIONS = RULES + askedRules.size;
const NOW = `$${CONDITIONS + askedConditions.size}::timestamp`;

/**
 * A pattern that stands for no more products is a list, as several products are. One that does is looked up in its
 * table for each order, which takes longer, but not the longer the more there are.
 */
const FEW_PRODUCTS = 100;

const isOfPattern = (products: string) => /* sql */ `EXISTS (
  SELECT 1 FROM cdm.tag_rule_products product
  WHERE product.rule_id = condition.rule_id AND product.condition = number AND product.product_id = ${products})`;

/**
 * Whether an order matches; with several keys by the operators of lists, which are quick while one list is short. The
 * period is part of the CASE: the orders of a guest are read once for all conditions, not for each by its period.
 */
const matches = /* sql */ `
  CASE
    WHEN order_dt <= after_dt OR order_dt < from_dt OR order_dt >= before_dt THEN false
    WHEN kind = 'any' THEN true
    WHEN kind = 'category' THEN category_ids && ids
    WHEN kind = 'restaurant' THEN restaurant_id = ANY (ids)
    WHEN ids IS NOT NULL THEN product_ids && ids
    ELSE ${isOfPattern('ANY (product_ids)')}
  END`;

/** What an order that matches adds to the number of a condition that counts items or money. */
const worth = /* sql */ `
  CASE WHEN counts = 'money' AND kind IN ('any', 'restaurant') THEN payment
  ELSE (
    SELECT sum(CASE counts WHEN 'items' THEN quantity ELSE amount END)
    FROM unnest(product_ids, category_ids, quantities, amounts) AS line (product_id, category_id, quantity, amount)
    WHERE CASE
      WHEN kind IN ('any', 'restaurant') THEN true
      WHEN kind = 'category' THEN line.category_id = ANY (ids)
      WHEN ids IS NOT NULL THEN line.product_id = ANY (ids)
      ELSE ${isOfPattern('line.product_id')}
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

/** The time of one of the orders in the window: the first is the newest. */
const newestTime = (number: string) => /* sql */ `(
  SELECT time FROM unnest(times) AS time WHERE ${number} IS NOT NULL
  ORDER BY time DESC OFFSET (${number})::integer - 1 LIMIT 1)`;

const asList = (value: string) => `array_to_string(array_agg(${value}), ',', '')`;

/** The rules of a guest that may have changed by what their states say. */
const doubtful = /* sql */ `
  SELECT array_agg(rule) AS rules, array_agg(rule) FILTER (WHERE holds) AS held
  FROM unnest(guest.rules::smallint[], guest.touched::integer[], guest.orders::integer[], guest.sure::boolean[])
    AS pair (rule, touched, orders, is_sure)
  JOIN rule USING (rule)
  LEFT JOIN unnest(known.rules, known.holds, known.until, known.rechecks, known.watched)
    AS state (rule_id, holds, until, recheck_cnt, watched) USING (rule_id)
  WHERE is_sure OR until <= ${NOW} OR (
    touched & coalesce(watched, empty_watched) <> 0
    AND closed_order_cnt + CASE WHEN any_order & coalesce(watched, empty_watched) <> 0 THEN more ELSE orders END
      >= CASE WHEN holds IS NULL THEN empty_slack ELSE recheck_cnt END)`;

/** What the ledger says of a guest under the conditions of these rules: of each that any order matches. */
const counted = /* sql */ `
  SELECT ${asList('rule')} AS rules, ${asList('number')} AS numbers, ${asList('holds')} AS holds,
    ${asList(`nullif(least(until, '9999-01-01'), '9999-01-01')`)} AS until, ${asList('slack')} AS slack,
    ${asList('matched')} AS matched
  FROM (
    SELECT place, count(*)::integer AS matched, sum(${worth}) FILTER (WHERE counts IN ('items', 'money')) AS sum,
      min(order_dt) AS first_dt, max(order_dt) AS last_dt,
      array_agg(order_dt) FILTER (WHERE days IS NOT NULL AND counts = 'orders') AS times
    FROM cdm.order_versions placed JOIN condition ON condition.rule = ANY (doubtful.rules) AND ${matches}
    WHERE placed.user_id = holder.user_id AND status = 'CLOSED'
    GROUP BY place
  ) AS met
  JOIN condition USING (place)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN counts IN ('items', 'money') THEN coalesce(sum, 0) ELSE matched END AS total
  ) AS added
  CROSS JOIN LATERAL (
    SELECT CASE WHEN counts = 'orders' THEN ${newestTime('at_least')} WHEN total >= at_least THEN first_dt END AS enough_dt,
      CASE WHEN counts = 'orders' THEN ${newestTime('at_most + 1')} WHEN total > at_most THEN first_dt END AS too_much_dt
  ) AS moments
  CROSS JOIN LATERAL (${judged}) AS judged`;

/**
 * One guest after the other, by subqueries with the guest's key: states and orders of a guest are read once, whatever
 * the rules. They stand beside the user, by whom a distributed PostgreSQL spreads all of them.
 *
 * Without a name: a plan that was made while the tables were small would read them in full, for each guest, until
 * PostgreSQL has counted their rows again.
 */
export const countStatement = /* sql */ `
  WITH rule AS MATERIALIZED (
    SELECT * FROM ${askedRules.unnest('rule', RULES)}
  ), condition AS MATERIALIZED (
    SELECT place, rule, rule_id, number, counts, kind, at_least, at_most, days, since, first_day, end_day,
      CASE kind WHEN 'pattern' THEN (
        SELECT coalesce(array_agg(product_id), '{}') FROM cdm.tag_rule_products product
        WHERE product.rule_id = condition.rule_id AND product.condition = number HAVING count(*) <= ${FEW_PRODUCTS}
      ) ELSE ids::uuid[] END AS ids,
      greatest(CASE WHEN counts <> 'first_order' THEN since END, '-infinity') AS after_dt,
      greatest(CASE WHEN counts <> 'first_order' THEN first_day END, '-infinity') AS from_dt,
      least(CASE WHEN counts <> 'first_order' THEN end_day END, 'infinity') AS before_dt
    FROM ${askedConditions.unnest('condition', CONDITIONS)}
  )
  SELECT holder.user_id AS "userId", closed_order_cnt + more AS closed,
    array_to_string(doubtful.rules, ',') AS doubtful, array_to_string(doubtful.held, ',') AS held, counted.*
  FROM cdm.users holder JOIN ${guests.unnest('guest')} ON guest.user_id = holder.user_id
  CROSS JOIN LATERAL (
    SELECT array_agg(rule_id) AS rules, array_agg(holds) AS holds, array_agg(until) AS until,
      array_agg(recheck_cnt) AS rechecks, array_agg(watched) AS watched
    FROM cdm.user_rule_states known WHERE known.user_id = holder.user_id
  ) AS known
  CROSS JOIN LATERAL (${doubtful}) AS doubtful
  CROSS JOIN LATERAL (${counted}) AS counted
  WHERE ${guests.isAmong('holder', 'user_id')} AND doubtful.rules IS NOT NULL`;
