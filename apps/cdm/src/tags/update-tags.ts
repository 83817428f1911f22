import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import { readActiveRules } from './active-rules';
import { decideTags } from './decide-tags';
import { judgeUsers } from './judge-users';
import { touchedRules } from './touched-rules';

/**
 * Brings states of rules, tags and events up to date with the changes of a batch, whose users are held.
 * @param newUsers users whom this batch brings
 * @param now the present, local at the source
 */
export async function updateTags(
  client: Client,
  changes: OrderChange[],
  newUsers: string[],
  now: string,
): Promise<void> {
  const rules = await readActiveRules(client, productsOf(changes));
  const judged = await judgeUsers(client, touchedRules(changes, newUsers, rules, now), rules, now);
  const pending = new Set(rules.filter(({ isPending }) => isPending).map(({ id }) => id));
  const changed = judged.filter(({ ruleId, hasChanged }) => hasChanged || pending.has(ruleId));
  await decideTags(
    client,
    changed.map(({ userId }) => userId),
    rules,
    judged,
    now,
  );
}

function productsOf(changes: OrderChange[]): string[] {
  const products = new Set<string>();
  for (const { before, after } of changes) {
    before?.productIds.forEach((productId) => products.add(productId));
    after.productIds.forEach((productId) => products.add(productId));
  }
  return [...products];
}
