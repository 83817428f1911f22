import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import type { KeptName } from '../marts/newest-names';
import { readActiveRules } from './active-rules';
import { changeCounts, recount } from './count-rules';
import { decideTags } from './decide-tags';
import { judgeProducts } from './judge-products';
import { addProducts } from './rule-products';
import { ruleChanges } from './rule-changes';

/**
 * Brings counts of rules, tags and events up to date with the changes of a batch, whose users are held.
 * @param names products that the batch named for the first time, or anew
 * @param now the present, local at the source
 */
export async function updateTags(
  client: Client,
  changes: OrderChange[],
  names: KeptName[],
  now: string,
): Promise<void> {
  const known = await readActiveRules(client, productsOf(changes, names));
  if (known.length === 0) {
    return;
  }
  const { rules, joined, renamed } = judgeProducts(names, known);
  await addProducts(client, joined);
  await evaluateProducts(client, renamed);
  const { counts, recounts } = ruleChanges(changes, rules, now);
  const crossed = await changeCounts(client, counts);
  const recounted = await recount(client, recounts, rules, now);
  const pending = new Set(rules.filter(({ isPending }) => isPending).map(({ id }) => id));
  const touched = recounted.filter(({ ruleId, hasCrossed }) => hasCrossed || pending.has(ruleId));
  const users = [...crossed, ...touched.map(({ userId }) => userId)];
  await decideTags(client, users, rules, recounted, now);
}

function productsOf(changes: OrderChange[], names: KeptName[]): string[] {
  const products = new Set(names.map(({ id }) => id));
  for (const { before, after } of changes) {
    before?.productIds.forEach((productId) => products.add(productId));
    after.productIds.forEach((productId) => products.add(productId));
  }
  return [...products];
}

async function evaluateProducts(client: Client, productIds: string[]): Promise<void> {
  if (productIds.length > 0) {
    await client.query(
      'INSERT INTO cdm.tag_evaluations (product_id) SELECT unnest($1::uuid[]) AS product_id',
      [productIds],
    );
  }
}
