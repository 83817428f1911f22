import { sortableTime } from '@app/values/source-time';
import type { OrderChange } from '../ledger/newest-versions';
import type { LedgerOrder } from '../ledger/read-vault-order';
import type { ActiveRule } from './active-rules';
import { daysBefore } from '@app/values/local-time';

export interface UserRule {
  userId: string;
  ruleId: string;
}

/** By how many orders the count of a user under a rule changes. */
export interface RuleCountChange extends UserRule {
  by: number;
  minOrders: number;
}

export interface RuleChanges {
  counts: RuleCountChange[];
  /** What must be counted from the ledger: under rules with a window, and where the count so far can't be relied on. */
  recounts: Recount[];
}

/** A count to take from the ledger. */
export interface Recount extends UserRule {
  /** Orders have only come to it: a user who reaches the rule goes on to do so. */
  onlyGains?: boolean;
}

/**
 * What changed orders mean for the counts of rules: a CLOSED order counts once for each rule that one of its lines
 * matches. Both lists are in ascending order of user and rule.
 * @param now the present, local at the source
 */
export function ruleChanges(changes: OrderChange[], rules: ActiveRule[], now: string): RuleChanges {
  const counts = new Map<string, RuleCountChange>();
  const recounts = new Map<string, Recount>();
  const pending = rules.filter(({ isPending }) => isPending);
  const settled = new RulesByKey(rules.filter(({ isPending }) => !isPending));
  const windows = new Map(rules.map((rule) => [rule, windowStart(rule, now)]));

  const count = (rule: ActiveRule, userId: string, by: 1 | -1) => {
    const known = counts.get(`${userId} ${rule.id}`)?.by ?? 0;
    counts.set(`${userId} ${rule.id}`, {
      userId,
      ruleId: rule.id,
      by: known + by,
      minOrders: rule.min_orders,
    });
  };
  const recount = (rule: ActiveRule, userId: string, isGain: boolean) => {
    const { onlyGains = true } = recounts.get(`${userId} ${rule.id}`) ?? {};
    recounts.set(`${userId} ${rule.id}`, { userId, ruleId: rule.id, onlyGains: onlyGains && isGain });
  };
  const take = (order: LedgerOrder | undefined, by: 1 | -1) => {
    if (order?.status !== 'CLOSED') {
      return;
    }
    pending.forEach((rule) => recount(rule, order.userId, false));
    for (const rule of settled.matching(order)) {
      const start = windows.get(rule);
      if (start === undefined) {
        count(rule, order.userId, by);
      } else if (sortableTime(order.orderDt) > start) {
        recount(rule, order.userId, by > 0);
      }
    }
  };
  for (const { before, after } of changes) {
    take(before, -1);
    take(after, 1);
  }
  return {
    counts: inOrder(counts).filter(({ by }) => by !== 0),
    recounts: inOrder(recounts),
  };
}

/** The moment behind which orders count, as a text that sorts; undefined where all do. */
function windowStart({ window_days }: ActiveRule, now: string): string | undefined {
  return window_days === null ? undefined : sortableTime(daysBefore(now, window_days));
}

function inOrder<T>(byKey: Map<string, T>): T[] {
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Rules by what they count: hash keys of different hubs are different. */
class RulesByKey {
  private readonly byKey = new Map<string, ActiveRule[]>();

  constructor(rules: ActiveRule[]) {
    for (const rule of rules) {
      const keys = rule.match.kind === 'pattern' ? rule.products : [rule.match.id];
      for (const key of keys) {
        this.byKey.set(key, [...(this.byKey.get(key) ?? []), rule]);
      }
    }
  }

  matching({ restaurantId, productIds, categoryIds }: LedgerOrder): Set<ActiveRule> {
    const matching = new Set<ActiveRule>();
    for (const key of [restaurantId, ...productIds, ...categoryIds]) {
      this.byKey.get(key)?.forEach((rule) => matching.add(rule));
    }
    return matching;
  }
}
