import type { KeptName } from '../marts/newest-names';
import type { ActiveRule } from './active-rules';
import { foldName } from '@app/values/fold-name';
import { isNamed } from './tag-rule';

/** A product that a pattern stands for. */
export interface RuleProduct {
  ruleId: string;
  /** Number of the condition. */
  condition: number;
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
    for (const { ruleId, number, match, isPending, products } of patternsOf(rules)) {
      const matches = isNamed(match, folded);
      if (isNew && matches) {
        joined.push({ ruleId, condition: number, productId });
      } else if (!isNew && (isPending || matches !== products.has(`${number} ${productId}`))) {
        renamed.add(productId);
      }
    }
  }
  return { joined, renamed: [...renamed].sort() };
}

/** Conditions with a pattern. */
export function patternsOf(rules: ActiveRule[]) {
  return rules.flatMap(({ id: ruleId, list, isPending, products }) =>
    list
      .filter(({ match }) => match.kind === 'pattern')
      .map((condition) => ({ ...condition, ruleId, isPending, products })),
  );
}
