import type { Client } from '@app/warehouse/warehouse';
import { matchOf, type RuleMatch, type TagRule } from './tag-rule';

/** A rule in force, as one transaction meets it. */
export interface ActiveRule extends TagRule {
  match: RuleMatch;
  /** Whether an evaluation is under way or outstanding: counts may still be those of before a change. */
  isPending: boolean;
  /** With a pattern: which of the products that were asked about it stands for. */
  products: ReadonlySet<string>;
}

/**
 * The enabled rules, by one statement: rules, what is pending and what patterns stand for are of one moment. Whoever
 * acts on them holds his users already; so whoever changes a rule later, and then holds those users, sees what was
 * done.
 * @param productIds hash keys of the products to ask about
 */
export async function readActiveRules(client: Client, productIds: string[] = []): Promise<ActiveRule[]> {
  const { rows } = await client.query<Omit<ActiveRule, 'match' | 'products'> & { products: string[] }>({
    name: 'read_active_rules',
    text: /* sql */ `
      SELECT id, tag, category, product_id, product_pattern, restaurant_id, min_orders, window_days,
        EXISTS (
          SELECT 1 FROM cdm.tag_evaluations evaluation
          WHERE rule_id = rule.id OR (product_pattern IS NOT NULL AND evaluation.product_id IS NOT NULL)
        ) AS "isPending",
        ARRAY(
          SELECT product.product_id FROM cdm.tag_rule_products product
          WHERE product_pattern IS NOT NULL AND rule_id = rule.id AND product.product_id = ANY ($1::uuid[])
        ) AS products
      FROM cdm.tag_rules rule WHERE enabled ORDER BY id`,
    values: [`{${productIds.join()}}`],
  });
  return rows.map((row) => ({ ...row, match: matchOf(row), products: new Set(row.products) }));
}
