import type { Condition, Match, Rule, RuleInput } from './answers';

/** A rule as the API says it: of one condition, on orders. */
export interface ApiRule extends Omit<Rule, 'conditions'> {
  match: Match;
  min_orders: number;
  window_days?: number;
}

export function fromApi({ match, min_orders, window_days, ...rule }: ApiRule): Rule {
  const condition: Condition = { count: 'orders', match, at_least: min_orders };
  return {
    ...rule,
    conditions: { all_of: [{ ...condition, ...(window_days && { last_days: window_days }) }] },
  };
}

export function toApi({ tag, enabled, conditions }: RuleInput): object {
  const { match, at_least, last_days } = conditions.all_of![0] as Condition;
  return { tag, enabled, match, min_orders: at_least, window_days: last_days };
}

/** The path of a field within the condition. */
export function conditionPath(field: string): string {
  const name = { min_orders: 'at_least', window_days: 'last_days' }[field] ?? field;
  return name === 'tag' ? name : `conditions.all_of.0.${name}`;
}
