import { hubKey } from '../ledger/hub-key';
import { foldName } from '@app/values/fold-name';
import { valuesOf, type Condition } from './conditions';

/**
 * What matches, in the keys of the ledger; a pattern stands for the products whose newest name contains one of the
 * texts, folded.
 */
export type RuleMatch =
  | { kind: 'any' }
  | { kind: 'category' | 'product' | 'restaurant'; ids: string[] }
  | { kind: 'pattern'; folded: string[] };

export function matchOf({ match }: Condition): RuleMatch {
  if (match === undefined) {
    return { kind: 'any' };
  }
  const [name, values] = valuesOf(match);
  if (name === 'product_pattern') {
    return { kind: 'pattern', folded: values.map(foldName) };
  }
  const kind = name === 'category' ? name : name === 'product_id' ? 'product' : 'restaurant';
  return { kind, ids: values.map((value) => hubKey(`h_${kind}`, value)) };
}

/** Whether a folded name is one that a pattern stands for. */
export function isNamed(match: RuleMatch, folded: string): boolean {
  return match.kind === 'pattern' && match.folded.some((part) => folded.includes(part));
}
