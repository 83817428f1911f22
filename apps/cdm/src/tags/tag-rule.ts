import { hubKey } from '../ledger/hub-key';
import { foldName } from '@app/values/fold-name';

/** What a rule says, as in `cdm.tag_rules`; of the four that say what counts, one is there. */
export interface TagRule {
  id: string;
  tag: string;
  category: string | null;
  product_id: string | null;
  product_pattern: string | null;
  restaurant_id: string | null;
  min_orders: number;
  window_days: number | null;
}

/** What counts, in the keys of the ledger; a pattern stands for the products whose newest name contains it, folded. */
export type RuleMatch =
  { kind: 'category' | 'product' | 'restaurant'; id: string } | { kind: 'pattern'; folded: string };

export function matchOf(rule: Omit<TagRule, 'id'>): RuleMatch {
  if (rule.category !== null) {
    return { kind: 'category', id: hubKey('h_category', rule.category) };
  }
  if (rule.product_id !== null) {
    return { kind: 'product', id: hubKey('h_product', rule.product_id) };
  }
  if (rule.restaurant_id !== null) {
    return { kind: 'restaurant', id: hubKey('h_restaurant', rule.restaurant_id) };
  }
  return { kind: 'pattern', folded: foldName(rule.product_pattern!) };
}
