import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveRule } from './active-rules';
import { foldName } from '@app/values/fold-name';
import type { RuleProduct } from './judge-products';

/** Of names at a time, for the memory that they take. */
const PAGE_NAMES = 5_000;

export async function addProducts(client: Client, products: RuleProduct[]): Promise<void> {
  await ruleProducts.run(client, addStatement, rowsOf(products));
}

/**
 * Brings what the patterns stand for up to date with the newest names.
 * @param productIds the products to judge; all unless told
 */
export async function judgeAgain(client: Client, rules: ActiveRule[], productIds?: string[]): Promise<void> {
  const patterns = rules.filter(({ match }) => match.kind === 'pattern');
  if (patterns.length === 0) {
    return;
  }
  for (let last = '00000000-0000-0000-0000-000000000000', isMore = true; isMore;) {
    const names = await readNames(
      client,
      patterns.map(({ id }) => id),
      last,
      productIds,
    );
    const { joined, left } = compareProducts(names, patterns);
    await addProducts(client, joined);
    await ruleProducts.run(client, removeStatement, rowsOf(left));
    last = names.at(-1)?.productId ?? last;
    isMore = names.length === PAGE_NAMES;
  }
}

/** What rules stood for that are gone or not in force. */
export async function removeProducts(client: Client, ruleIds: string[]): Promise<void> {
  await client.query('DELETE FROM cdm.tag_rule_products WHERE rule_id = ANY ($1::uuid[])', [ruleIds]);
}

/** A product, and which of the rules stand for it now. */
export interface JudgedName {
  productId: string;
  name: string;
  ruleIds: string[];
}

export function compareProducts(
  names: JudgedName[],
  rules: ActiveRule[],
): { joined: RuleProduct[]; left: RuleProduct[] } {
  const joined: RuleProduct[] = [];
  const left: RuleProduct[] = [];
  for (const { productId, name, ruleIds } of names) {
    const folded = foldName(name);
    for (const { id, match } of rules) {
      const matches = match.kind === 'pattern' && folded.includes(match.folded);
      if (matches !== ruleIds.includes(id)) {
        (matches ? joined : left).push({ ruleId: id, productId });
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
        SELECT rule_id FROM cdm.tag_rule_products product
        WHERE rule_id = ANY ($1::uuid[]) AND product.product_id = known.product_id
      ) AS "ruleIds"
    FROM cdm.product_names known
    WHERE product_id > $2 AND ($3::uuid[] IS NULL OR product_id = ANY ($3::uuid[]))
    ORDER BY product_id LIMIT ${PAGE_NAMES}`,
    [ruleIds, last, productIds],
  );
  return rows;
}

const ruleProducts = columns({ rule_id: 'uuid', product_id: 'uuid' }, 'rule_id', 'product_id');

function rowsOf(products: RuleProduct[]) {
  return products.map(({ ruleId, productId }) => ({ rule_id: ruleId, product_id: productId }));
}

const addStatement = {
  name: 'add_tag_rule_products',
  text: /* sql */ `
    INSERT INTO cdm.tag_rule_products (rule_id, product_id)
    SELECT rule_id, product_id FROM ${ruleProducts.unnest('product')}
    ON CONFLICT DO NOTHING`,
};

const removeStatement = {
  name: 'remove_tag_rule_products',
  text: /* sql */ `
    DELETE FROM cdm.tag_rule_products known
    USING ${ruleProducts.unnest('product')}
    WHERE known.rule_id = product.rule_id AND known.product_id = product.product_id`,
};
