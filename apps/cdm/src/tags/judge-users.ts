import type { Client } from '@app/warehouse/warehouse';
import type { ActiveRule } from './active-rules';
import { countConditions, type DoubtfulRule, type UserRule } from './count-conditions';
import { ruleState } from './guest-counts';
import { removeStates, type Judgement } from './user-states';

/**
 * Judges from the ledger what rules say of users who are held. Where a rule changes its answer, others that give its
 * tag are judged too, for the number of orders that is reported.
 * @param doubtful what may have changed; of a rule that is not among `rules` the state is removed
 * @param now the present, local at the source
 * @returns what was judged
 */
export async function judgeUsers(
  client: Client,
  doubtful: DoubtfulRule[],
  rules: ActiveRule[],
  now: string,
): Promise<Judgement[]> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  await removeStates(
    client,
    doubtful.filter(({ ruleId }) => !byId.has(ruleId)),
  );
  const judged = await judge(
    client,
    doubtful.filter(({ ruleId }) => byId.has(ruleId)),
    byId,
    now,
  );
  return [...judged, ...(await judge(client, sharers(judged, rules, doubtful), byId, now))];
}

/** Every rule of every user. */
export function everyRule(users: string[], ruleIds: string[]): DoubtfulRule[] {
  return users.flatMap((userId) =>
    ruleIds.map((ruleId) => ({ userId, ruleId, more: 0, touched: 0, orders: 0, isSure: true })),
  );
}

async function judge(
  client: Client,
  doubtful: DoubtfulRule[],
  rules: Map<string, ActiveRule>,
  now: string,
): Promise<Judgement[]> {
  const counted = await countConditions(client, doubtful, [...rules.values()], now);
  return counted.map(({ conditions, held, ...one }): Judgement => {
    const rule = rules.get(one.ruleId)!;
    const state = ruleState(rule.conditions, conditions, rule.list);
    return { ...one, ...state, hasChanged: state.holds !== held };
  });
}

/** Rules of which the tag may come or go though they were not judged. */
function sharers(judged: Judgement[], rules: ActiveRule[], doubtful: DoubtfulRule[]): DoubtfulRule[] {
  const others = new Map(
    rules.map(({ id, tag }) => [
      id,
      rules.filter((other) => other.tag === tag && other.id !== id && !other.isPending),
    ]),
  );
  const changed = judged.filter(({ ruleId, hasChanged }) => hasChanged && others.get(ruleId)!.length > 0);
  if (changed.length === 0) {
    return [];
  }
  const key = ({ userId, ruleId }: UserRule) => `${userId} ${ruleId}`;
  const done = new Set(judged.map(key));
  const more = new Map(doubtful.map((one) => [one.userId, one.more]));
  const found = new Map<string, DoubtfulRule>();
  for (const { userId, ruleId } of changed) {
    for (const { id } of others.get(ruleId)!) {
      const one = { userId, ruleId: id, more: more.get(userId)!, touched: 0, orders: 0, isSure: true };
      if (!done.has(key(one))) {
        found.set(key(one), one);
      }
    }
  }
  return [...found.values()];
}
