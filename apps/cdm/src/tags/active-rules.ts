import { LRUCache } from 'lru-cache';
import type { Client } from '@app/warehouse/warehouse';
import { listConditions, type Condition, type Conditions } from './conditions';
import { emptyGuest, ofEmpty, type ConditionState, type RuleState } from './guest-counts';
import { matchOf, type RuleMatch } from './tag-rule';

/** A condition of a rule in force. */
export interface ActiveCondition {
  /** Its place among all of the rule. */
  number: number;
  condition: Condition;
  match: RuleMatch;
  /** What it says of a guest of whom no order matches. */
  unmatched: ConditionState;
}

/** A rule in force, as one transaction meets it. */
export interface ActiveRule {
  id: string;
  tag: string;
  conditions: Conditions;
  list: ActiveCondition[];
  /** Conditions that any order matches, in their period: a bit of each number. */
  anyOrder: number;
  /** What the rule says of a guest without orders. */
  ofEmpty: RuleState;
  /** Whether an evaluation is under way or outstanding: states may still be those of before a change. */
  isPending: boolean;
  /** Of the products that were asked about, those that a pattern stands for: `NUMBER PRODUCT` of conditions. */
  products: ReadonlySet<string>;
}

/** SQL: that a rule has a pattern. */
export const HAS_PATTERN = `conditions @? '$.**.match.product_pattern'`;

/** SQL: that time alone can change what a rule says of a guest. */
export const MOVES = `conditions @? '$.** ? (exists (@.last_days) || @.count == "days_since_last_order")'`;

/**
 * The enabled rules, by one statement: rules, what is pending and what patterns stand for are of one moment. What acts
 * on them holds its users already; so a change of a rule that comes later, and then holds those users, sees what was
 * done.
 * @param productIds hash keys of the products to ask about
 */
export async function readActiveRules(client: Client, productIds: string[] = []): Promise<ActiveRule[]> {
  const { rows } = await client.query<StoredRule>({
    name: 'read_active_rules',
    text: /* sql */ `
      SELECT id, tag, conditions::text AS conditions,
        EXISTS (
          SELECT 1 FROM cdm.tag_evaluations evaluation
          WHERE rule_id = rule.id OR (evaluation.product_id IS NOT NULL AND ${HAS_PATTERN})
        ) AS "isPending",
        (
          SELECT string_agg(product.condition || ' ' || product.product_id, ',') FROM cdm.tag_rule_products product
          WHERE rule_id = rule.id AND product.product_id = ANY ($1::uuid[])
        ) AS products
      FROM cdm.tag_rules rule WHERE enabled ORDER BY id`,
    values: [`{${productIds.join()}}`],
  });
  return rows.map(({ conditions, products, ...row }) => ({
    ...row,
    ...readConditions(conditions),
    products: new Set(products?.split(',')),
  }));
}

interface StoredRule extends Pick<ActiveRule, 'id' | 'tag' | 'isPending'> {
  conditions: string;
  products: string | null;
}

/** What follows from the conditions alone. */
type ReadConditions = Pick<ActiveRule, 'conditions' | 'list' | 'anyOrder' | 'ofEmpty'>;

/** By the text of the conditions: each batch reads all rules, and few of them change. */
const known = new LRUCache<string, ReadConditions>({ max: 1_000 });

function readConditions(text: string): ReadConditions {
  const read = known.get(text) ?? withList(JSON.parse(text) as Conditions);
  known.set(text, read);
  return read;
}

function withList(conditions: Conditions): ReadConditions {
  const list = listConditions(conditions).map(({ condition }, number) => ({
    number,
    condition,
    match: matchOf(condition),
    unmatched: ofEmpty(condition),
  }));
  const anyOrder = list.reduce(
    (bits, { number, match }) => (match.kind === 'any' ? bits | (1 << number) : bits),
    0,
  );
  return { conditions, list, anyOrder, ofEmpty: emptyGuest(conditions) };
}

export function activeRule({
  conditions,
  products,
  ...row
}: Pick<ActiveRule, 'id' | 'tag' | 'conditions' | 'isPending'> & { products: string[] }): ActiveRule {
  return { ...row, ...withList(conditions), products: new Set(products) };
}
