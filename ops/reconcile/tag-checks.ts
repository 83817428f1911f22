import pg, { type ClientBase } from 'pg';
import { readActiveRules, type ActiveRule } from '../../apps/cdm/src/tags/active-rules';
import { guestQuery, membersQuery } from '../../apps/cdm/src/tags/members-query';
import { compare, type Check } from './check';

/**
 * Tags against what rules say, and that against the ledger. Nothing can be said while a rule is being evaluated.
 * @param client in the snapshot that is looked at
 * @returns none while an evaluation is outstanding
 */
export async function tagChecks(client: ClientBase): Promise<Check[]> {
  const { rowCount } = await client.query('SELECT FROM cdm.tag_evaluations LIMIT 1');
  if (rowCount === 1) {
    return [];
  }
  const lasting = (await readActiveRules(client)).filter((rule) => !movesWithTime(rule));
  const products = await productsOfPatterns(client);
  return [
    ...(lasting.length > 0 ? [states(lasting, products)] : []),
    compare({
      table: 'cdm.user_tags',
      against: 'what the rules say',
      key: ['user_id', 'tag'],
      values: [],
      expected: /* sql */ `
        SELECT DISTINCT user_id, tag FROM cdm.user_rule_states JOIN cdm.tag_rules rule ON rule.id = rule_id
        WHERE enabled AND holds`,
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

/** Of the others what holds is of the moment at which they were judged. */
function movesWithTime({ list }: ActiveRule): boolean {
  return list.some(
    ({ condition }) => condition.last_days !== undefined || condition.count === 'days_since_last_order',
  );
}

/** What patterns stand for, by rule and number of the condition. */
async function productsOfPatterns(client: ClientBase): Promise<Map<string, Map<number, string[]>>> {
  const { rows } = await client.query<{ rule_id: string; condition: number; products: string[] }>(/* sql */ `
    SELECT rule_id, condition, array_agg(product_id) AS products FROM cdm.tag_rule_products GROUP BY rule_id, condition`);
  const all = new Map<string, Map<number, string[]>>();
  for (const { rule_id, condition, products } of rows) {
    all.set(rule_id, (all.get(rule_id) ?? new Map<number, string[]>()).set(condition, products));
  }
  return all;
}

/** Of rules that time does not change. */
function states(rules: ActiveRule[], products: Map<string, Map<number, string[]>>): Check {
  const ids = rules.map(({ id }) => `'${id}'`).join(', ');
  const members = rules.map(({ id, conditions }) => {
    const query = guestQuery(conditions, products.get(id) ?? new Map<number, string[]>(), '');
    return `SELECT user_id, '${id}'::uuid AS rule_id FROM (${inlined(membersQuery(query), query.values)}) AS members`;
  });
  return compare({
    table: 'cdm.user_rule_states',
    against: 'the ledger (rules that time does not change)',
    key: ['user_id', 'rule_id'],
    values: [],
    expected: members.join(' UNION ALL '),
    found: `SELECT user_id, rule_id FROM cdm.user_rule_states WHERE holds AND rule_id IN (${ids})`,
  });
}

/** A comparison takes queries without parameters. */
function inlined(text: string, values: unknown[]): string {
  return text.replace(/\$(\d+)/g, (_, place) => pg.escapeLiteral(String(values[Number(place) - 1])));
}
