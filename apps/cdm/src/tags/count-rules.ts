import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveRule } from './active-rules';
import { daysBefore } from '@app/values/local-time';
import type { Recount, RuleCountChange, UserRule } from './rule-changes';

const counted = columns({ user_id: 'uuid', rule_id: 'uuid', by: 'integer', min_orders: 'integer' });

/**
 * Applies the changes to counts of rules. Their users are held, so a count needs no lock of its own.
 * @returns the users who came to the threshold of a rule or fell below it
 */
export async function changeCounts(client: Client, changes: RuleCountChange[]): Promise<string[]> {
  const crossed: string[] = [];
  for (const [statement, some] of [
    [decrease, changes.filter(({ by }) => by < 0)],
    [increase, changes.filter(({ by }) => by > 0)],
  ] as const) {
    const rows = some.map(({ userId, ruleId, by, minOrders }) => ({
      user_id: userId,
      rule_id: ruleId,
      by,
      min_orders: minOrders,
    }));
    const users = await counted.run<{ user_id: string }>(client, statement, rows);
    crossed.push(...users.map(({ user_id }) => user_id));
  }
  return crossed;
}

/**
 * Without a name, as all here that finds its rows by a join: a prepared plan that was made while the tables were small
 * would read them in full until PostgreSQL has counted their rows anew.
 */
const decrease = {
  text: /* sql */ `
    WITH change AS MATERIALIZED (
      SELECT * FROM ${counted.unnest('change')}
    ), gone AS (
      DELETE FROM cdm.tag_rule_counts known USING change
      WHERE known.user_id = change.user_id AND known.rule_id = change.rule_id AND order_cnt + by = 0
        AND ${counted.isAmong('known', 'user_id')}
      RETURNING known.user_id, 0 AS order_cnt, by, min_orders
    ), less AS (
      UPDATE cdm.tag_rule_counts known SET order_cnt = order_cnt + by FROM change
      WHERE known.user_id = change.user_id AND known.rule_id = change.rule_id AND order_cnt + by <> 0
        AND ${counted.isAmong('known', 'user_id')}
      RETURNING known.user_id, order_cnt, by, min_orders
    )
    SELECT user_id FROM (SELECT * FROM gone UNION ALL SELECT * FROM less) AS fallen
    WHERE order_cnt < min_orders AND order_cnt - by >= min_orders`,
};

const increase = {
  name: 'increase_tag_rule_counts',
  text: /* sql */ `
    WITH change AS MATERIALIZED (
      SELECT * FROM ${counted.unnest('change')}
    ), more AS (
      INSERT INTO cdm.tag_rule_counts AS known (user_id, rule_id, order_cnt)
      SELECT user_id, rule_id, by FROM change
      ON CONFLICT (user_id, rule_id) DO UPDATE SET order_cnt = known.order_cnt + EXCLUDED.order_cnt
      RETURNING user_id, rule_id, order_cnt
    )
    SELECT user_id FROM more JOIN change USING (user_id, rule_id)
    WHERE order_cnt >= min_orders AND order_cnt - by < min_orders`,
};

/** A count from the ledger. */
export interface RuleCount extends UserRule {
  orders: number;
  /** Whether it came to the threshold or fell below it: whether what was stored says otherwise. */
  hasCrossed: boolean;
}

/**
 * Counts from the ledger, and stores what it finds, or deletes it: under a rule with a window only what reaches the
 * threshold is kept, with a moment until when it does. What a rule that is not among `rules` had counted is deleted.
 * Where a user has reached the rule and orders have only come, nothing is counted: that moment comes no earlier, and
 * then all is counted anew.
 * @param now the present, local at the source
 * @returns what was counted, also what is not kept
 */
export async function recount(
  client: Client,
  recounts: Recount[],
  rules: ActiveRule[],
  now: string,
): Promise<RuleCount[]> {
  if (recounts.length === 0) {
    return [];
  }
  const values = [
    ...pairs.arrays(
      recounts.map(({ userId, ruleId, onlyGains = false }) => ({
        user_id: userId,
        rule_id: ruleId,
        only_gains: onlyGains,
      })),
    ),
    ...askedRules.arrays(
      rules.map(({ id, match, min_orders, window_days }) => {
        const idOf = (kind: string) => (match.kind === kind && 'id' in match ? match.id : null);
        return {
          rule_id: id,
          category_id: idOf('category'),
          product_id: idOf('product'),
          restaurant_id: idOf('restaurant'),
          min_orders,
          window_days,
          window_start: window_days === null ? null : daysBefore(now, window_days),
        };
      }),
    ),
    now,
  ];
  const { rows } = await client.query<RuleCount>(recountStatement, values);
  return rows;
}

const pairs = columns({ user_id: 'uuid', rule_id: 'uuid', only_gains: 'boolean' });
const askedRules = columns({
  rule_id: 'uuid',
  category_id: 'uuid?',
  product_id: 'uuid?',
  restaurant_id: 'uuid?',
  min_orders: 'integer',
  window_days: 'integer?',
  window_start: 'timestamp?',
});

/**
 * Counts and what is stored stand beside the user, by whom a distributed PostgreSQL spreads all of them. Each part sees
 * what was stored before the statement began.
 */
const recountStatement = /* sql */ `
  WITH rule AS MATERIALIZED (
    SELECT * FROM ${askedRules.unnest('rule', 4)}
  ), pair AS MATERIALIZED (
    SELECT * FROM ${pairs.unnest('pair')}
  ), counted AS MATERIALIZED (
    SELECT holder.user_id, pair.rule_id, coalesce(order_cnt, 0) AS order_cnt, min_orders, reached_dt + make_interval(days => window_days) AS until,
      coalesce(order_cnt, 0) >= CASE WHEN window_days IS NULL THEN 1 ELSE min_orders END AS is_kept, coalesce(stored_cnt, 0) AS stored_cnt
    FROM cdm.users holder JOIN pair ON pair.user_id = holder.user_id LEFT JOIN rule ON rule.rule_id = pair.rule_id
    LEFT JOIN LATERAL (
      SELECT order_cnt AS stored_cnt, until AS stored_until FROM cdm.tag_rule_counts known
      WHERE known.user_id = holder.user_id AND known.rule_id = pair.rule_id
    ) AS stored ON true
    LEFT JOIN LATERAL (
      SELECT count(*)::integer AS order_cnt,
        (array_agg(order_dt ORDER BY order_dt DESC) FILTER (WHERE window_days IS NOT NULL))[min_orders] AS reached_dt
      FROM cdm.order_versions placed
      WHERE placed.user_id = holder.user_id AND status = 'CLOSED' AND (window_start IS NULL OR order_dt > window_start)
        AND CASE
          WHEN rule.rule_id IS NULL THEN false
          WHEN category_id IS NOT NULL THEN category_id = ANY (category_ids)
          WHEN product_id IS NOT NULL THEN product_id = ANY (product_ids)
          WHEN rule.restaurant_id IS NOT NULL THEN placed.restaurant_id = rule.restaurant_id
          ELSE EXISTS (
            SELECT 1 FROM cdm.tag_rule_products product
            WHERE product.rule_id = rule.rule_id AND product.product_id = ANY (placed.product_ids))
        END
      GROUP BY placed.user_id
    ) AS placed ON true
    WHERE ${pairs.isAmong('holder', 'user_id')} AND (NOT only_gains OR (stored_until > $11::timestamp) IS NOT TRUE)
  ), kept AS (
    INSERT INTO cdm.tag_rule_counts AS known (user_id, rule_id, order_cnt, until)
    SELECT user_id, rule_id, order_cnt, until FROM counted WHERE is_kept ORDER BY user_id, rule_id
    ON CONFLICT (user_id, rule_id) DO UPDATE SET order_cnt = EXCLUDED.order_cnt, until = EXCLUDED.until
    WHERE (known.order_cnt, known.until) IS DISTINCT FROM (EXCLUDED.order_cnt, EXCLUDED.until)
  ), gone AS (
    DELETE FROM cdm.tag_rule_counts known USING counted
    WHERE known.user_id = counted.user_id AND known.rule_id = counted.rule_id AND is_kept IS NOT TRUE
      AND ${pairs.isAmong('known', 'user_id')}
  )
  SELECT user_id AS "userId", rule_id AS "ruleId", order_cnt AS orders,
    (order_cnt >= min_orders) IS DISTINCT FROM (stored_cnt >= min_orders) AS "hasCrossed"
  FROM counted`;
