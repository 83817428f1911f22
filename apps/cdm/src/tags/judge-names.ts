import type { Client } from '@app/warehouse/warehouse';
import type { KeptName } from '../marts/newest-names';
import { readActiveRules } from './active-rules';
import { judgeProducts } from './judge-products';
import { addProducts } from './rule-products';

/**
 * Brings what patterns stand for up to date with names of products, in the transaction that keeps the names, which is
 * among the batches: the evaluation of a rule waits for it, or it sees the rule.
 * @param names that were not known, or newer than those that were
 */
export async function judgeNames(client: Client, names: KeptName[]): Promise<void> {
  if (names.length === 0) {
    return;
  }
  const rules = await readActiveRules(
    client,
    names.map(({ id }) => id),
  );
  const { joined, renamed } = judgeProducts(names, rules);
  await addProducts(client, joined);
  if (renamed.length > 0) {
    await client.query(
      'INSERT INTO cdm.tag_evaluations (product_id) SELECT unnest($1::uuid[]) AS product_id',
      [renamed],
    );
  }
}
