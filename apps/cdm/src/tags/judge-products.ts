import type { KeptName } from '../marts/newest-names';
import type { ActiveRule } from './active-rules';
import { foldName } from '@app/values/fold-name';

/** A product that a pattern stands for. */
export interface RuleProduct {
  ruleId: string;
  productId: string;
}

/**
 * What new names of products mean for the patterns. A new product is in no older order, so it joins the patterns that
 * match it at once. A renamed one may be in many: where that changes what a pattern stands for, or while that is being
 * found out, it is to be evaluated in the background.
 */
export function judgeProducts(
  names: KeptName[],
  rules: ActiveRule[],
): { joined: RuleProduct[]; renamed: string[] } {
  const joined: RuleProduct[] = [];
  const renamed = new Set<string>();
  for (const { id: productId, name, isNew } of names) {
    const folded = foldName(name);
    for (const { id, match, isPending, products } of rules) {
      if (match.kind === 'pattern') {
        const matches = folded.includes(match.folded);
        if (isNew && matches) {
          joined.push({ ruleId: id, productId });
        } else if (!isNew && (isPending || matches !== products.has(productId))) {
          renamed.add(productId);
        }
      }
    }
  }
  return { joined, renamed: [...renamed].sort() };
}
