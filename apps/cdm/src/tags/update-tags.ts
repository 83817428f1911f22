import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import { readActiveRules } from './active-rules';
import { changeCounts, recount } from './count-rules';
import { decideTags } from './decide-tags';
import { ruleChanges } from './rule-changes';

/**
 * Brings counts of rules, tags and events up to date with the changes of a batch, whose users are held.
 * @param now the present, local at the source
 */
export async function updateTags(client: Client, changes: OrderChange[], now: string): Promise<void> {
  const rules = await readActiveRules(client, productsOf(changes));
  if (rules.length === 0) {
    return;
  }
  const { counts, recounts } = ruleChanges(changes, rules, now);
  const crossed = await changeCounts(client, counts);
  const recounted = await recount(client, recounts, rules, now);
  const pending = new Set(rules.filter(({ isPending }) => isPending).map(({ id }) => id));
  const touched = recounted.filter(({ ruleId, hasCrossed }) => hasCrossed || pending.has(ruleId));
  const users = [...crossed, ...touched.map(({ userId }) => userId)];
  await decideTags(client, users, rules, recounted, now);
}

function productsOf(changes: OrderChange[]): string[] {
  const products = new Set<string>();
  for (const { before, after } of changes) {
    before?.productIds.forEach((productId) => products.add(productId));
    after.productIds.forEach((productId) => products.add(productId));
  }
  return [...products];
}
