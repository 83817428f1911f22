import type { ClientBase } from 'pg';
import { readActiveRules, type ActiveRule } from '../../apps/cdm/src/tags/active-rules';
import { compare, type Check } from './check';

/**
 * Tags against what rules have counted, and that against the ledger. Nothing can be said while a rule is being
 * evaluated.
 * @param client in the snapshot that is looked at
 * @returns none while an evaluation is outstanding
 */
export async function tagChecks(client: ClientBase): Promise<Check[]> {
  const { rowCount } = await client.query('SELECT FROM cdm.tag_evaluations LIMIT 1');
  if (rowCount === 1) {
    return [];
  }
  const counted = (await readActiveRules(client)).filter(({ window_days }) => window_days === null);
  return [
    ...(counted.length > 0 ? [counts(counted)] : []),
    compare({
      table: 'cdm.user_tags',
      against: 'what the rules have counted',
      key: ['user_id', 'tag'],
      values: [],
      expected: /* sql */ `
        SELECT DISTINCT user_id, tag FROM cdm.tag_rule_counts JOIN cdm.tag_rules rule ON rule.id = rule_id
        WHERE enabled AND order_cnt >= min_orders`,
      found: 'SELECT user_id, tag FROM cdm.user_tags',
    }),
    compare({
      table: 'cdm.user_tags',
      against: 'the last event of each tag',
      key: ['user_id', 'tag'],
      values: [],
      expected: /* sql */ `
        SELECT user_id, tag FROM (
          SELECT DISTINCT ON (user_id, tag) user_id, tag, event FROM cdm.user_tag_events ORDER BY user_id, tag, event_number DESC
        ) AS last WHERE event = 'assigned'`,
      found: 'SELECT user_id, tag FROM cdm.user_tags',
    }),
  ];
}

/** Of rules without a window; of the others only what holds is kept, as of when it was counted. */
function counts(rules: ActiveRule[]): Check {
  // All are UUIDs, by the type of the column or as hash keys.
  const rows = rules.map(({ id, match }) => {
    const idOf = (kind: string) =>
      match.kind === kind && 'id' in match ? `'${match.id}'::uuid` : 'NULL::uuid';
    return `('${id}'::uuid, ${idOf('category')}, ${idOf('product')}, ${idOf('restaurant')})`;
  });
  return compare({
    table: 'cdm.tag_rule_counts',
    against: 'the ledger (rules without a window)',
    key: ['user_id', 'rule_id'],
    values: ['order_cnt'],
    expected: /* sql */ `
      WITH rule AS MATERIALIZED (
        SELECT rule_id, category_id, restaurant_id, ARRAY(
          SELECT told.product_id WHERE told.product_id IS NOT NULL
          UNION ALL SELECT matching.product_id FROM cdm.tag_rule_products matching WHERE matching.rule_id = told.rule_id) AS product_ids
        FROM (VALUES ${rows.join(', ')}) AS told (rule_id, category_id, product_id, restaurant_id)
      )
      SELECT user_id, rule_id, count(*)::integer AS order_cnt
      FROM cdm.order_versions placed JOIN rule ON rule.category_id = ANY (placed.category_ids)
        OR rule.restaurant_id = placed.restaurant_id OR rule.product_ids && placed.product_ids
      WHERE status = 'CLOSED' GROUP BY user_id, rule_id`,
    found: 'SELECT user_id, rule_id, order_cnt FROM cdm.tag_rule_counts WHERE until IS NULL',
  });
}
