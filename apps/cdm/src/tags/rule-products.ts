import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveRule } from './active-rules';
import { foldName } from '@app/values/fold-name';
import { patternsOf, type RuleProduct } from './judge-products';
import { isNamed } from './tag-rule';

/** Of names at a time, for the memory that they take. */
const PAGE_NAMES = 5_000;

export async function addProducts(client: Client, products: RuleProduct[]): Promise<void> {
  await ruleProducts.run(client, addStatement, rowsOf(products));
}

/**
 * Brings what the patterns of rules stand for up to date, where the rules changed.
 * @param rules in force
 * @param ids of rules that changed, some of which may be gone or not in force
 */
export async function judgeRules(client: Client, rules: ActiveRule[], ids: string[]): Promise<void> {
  const changed = rules.filter(({ id }) => ids.includes(id));
  await judgeAgain(client, changed);
  await client.query(
    /* sql */ `
    DELETE FROM cdm.tag_rule_products
    WHERE rule_id = ANY ($1::uuid[]) AND rule_id || ' ' || condition <> ALL ($2::text[])`,
    [ids, patternsOf(changed).map(({ ruleId, number }) => `${ruleId} ${number}`)],
  );
}

/**
 * Brings what the patterns stand for up to date with the newest names.
 * @param productIds the products to judge; default: all
 */
export async function judgeAgain(client: Client, rules: ActiveRule[], productIds?: string[]): Promise<void> {
  const patterns = patternsOf(rules);
  if (patterns.length === 0) {
    return;
  }
  for (let last = '00000000-0000-0000-0000-000000000000', isMore = true; isMore;) {
    const names = await readNames(
      client,
      patterns.map(({ ruleId }) => ruleId),
      last,
      productIds,
    );
    const { joined, left } = compareProducts(names, rules);
    await addProducts(client, joined);
    await ruleProducts.run(client, removeStatement, rowsOf(left));
    last = names.at(-1)?.productId ?? last;
    isMore = names.length === PAGE_NAMES;
  }
}

/** A product, and which patterns stand for it now. */
export interface JudgedName {
  productId: string;
  name: string;
  /** `RULE NUMBER` of conditions. */
  patterns: string[];
}

export function compareProducts(
  names: JudgedName[],
  rules: ActiveRule[],
): { joined: RuleProduct[]; left: RuleProduct[] } {
  const joined: RuleProduct[] = [];
  const left: RuleProduct[] = [];
  for (const { productId, name, patterns } of names) {
    const folded = foldName(name);
    for (const { ruleId, number, match } of patternsOf(rules)) {
      const matches = isNamed(match, folded);
      if (matches !== patterns.includes(`${ruleId} ${number}`)) {
        (matches ? joined : left).push({ ruleId, condition: number, productId });
      }
    }
  }
  return { joined, left };
}

/**
 * Names and what rules stand for are of one moment: a product that comes meanwhile is judged by the batch that brings
 * it.
 */
async function readNames(
  client: Client,
  ruleIds: string[],
  last: string,
  productIds?: string[],
): Promise<JudgedName[]> {
  const { rows } = await client.query<JudgedName>(
    /* sql */ `
    SELECT product_id AS "productId", product_name AS name,
      ARRAY(
        SELECT rule_id || ' ' || condition FROM cdm.tag_rule_products product
        WHERE rule_id = ANY ($1::uuid[]) AND product.product_id = known.product_id
      ) AS patterns
    FROM cdm.product_names known
    WHERE product_id > $2 AND ($3::uuid[] IS NULL OR product_id = ANY ($3::uuid[]))
    ORDER BY product_id LIMIT ${PAGE_NAMES}`,
    [ruleIds, last, productIds],
  );
  return rows;
}

const ruleProducts = columns(
  { rule_id: 'uuid', condition: 'smallint', product_id: 'uuid' },
  'rule_id',
  'condition',
  'product_id',
);

function rowsOf(products: RuleProduct[]) {
  return products.map(({ ruleId, condition, productId }) => ({
    rule_id: ruleId,
    condition,
    product_id: productId,
  }));
}

const addStatement = {
  name: 'add_tag_rule_products',
  text: /* sql */ `
    INSERT INTO cdm.tag_rule_products (rule_id, condition, product_id)
    SELECT rule_id, condition, product_id FROM ${ruleProducts.unnest('product')}
    ON CONFLICT DO NOTHING`,
};

const removeStatement = {
  name: 'remove_tag_rule_products',
  text: /* sql */ `
    DELETE FROM cdm.tag_rule_products known
    USING ${ruleProducts.unnest('product')}
    WHERE known.rule_id = product.rule_id AND known.condition = product.condition AND known.product_id = product.product_id`,
};
