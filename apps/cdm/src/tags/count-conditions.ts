import { daysBefore } from '@app/values/local-time';
import type { Client } from '@app/warehouse/warehouse';
import type { ActiveCondition, ActiveRule } from './active-rules';
import { askedConditions, askedRules, countStatement, guests } from './count-statement';
import type { ConditionState } from './guest-counts';
import { listOf } from './list-of';

export interface UserRule {
  userId: string;
  ruleId: string;
}

/** A rule that may say something else of a user than before. */
export interface DoubtfulRule extends UserRule {
  /** By how many more CLOSED orders the user has than `cdm.users` says so far. */
  more: number;
  /** The conditions that orders match which came: a bit of each number. */
  touched: number;
  /** How many orders came that match one of them that is not for any order. */
  orders: number;
  /** Whether it is to be judged whatever its state says. */
  isSure: boolean;
}

/** What the ledger says of a user under the conditions of a rule. */
export interface CountedRule extends UserRule {
  /** CLOSED orders of the user. */
  closed: number;
  /** What the state says that is stored. */
  held: boolean;
  conditions: ConditionState[];
}

/**
 * Counts from the ledger under all conditions of rules, by one statement. Left out is what cannot have changed: where
 * orders have only come, of conditions that do not decide or fewer than the state says, and its time has not come.
 * @param now the present, local at the source
 */
export async function countConditions(
  client: Client,
  doubtful: DoubtfulRule[],
  rules: ActiveRule[],
  now: string,
): Promise<CountedRule[]> {
  if (doubtful.length === 0) {
    return [];
  }
  const { rows } = await client.query<CountedGuest>(countStatement, [
    ...guests.arrays(guestRows(doubtful, rules)),
    ...askedOf(rules, now),
    now,
  ]);
  return rows.flatMap((guest) => countedRules(guest, rules));
}

/** A row a guest, with lists of their rules by the places of these. */
function* guestRows(doubtful: DoubtfulRule[], rules: ActiveRule[]) {
  const places = new Map(rules.map(({ id }, place) => [id, place]));
  const byUser = new Map<string, DoubtfulRule[]>();
  for (const one of doubtful) {
    const others = byUser.get(one.userId) ?? [];
    others.push(one);
    byUser.set(one.userId, others);
  }
  for (const [userId, some] of byUser) {
    yield {
      user_id: userId,
      more: some[0]!.more,
      rules: `{${some.map(({ ruleId }) => places.get(ruleId)!).join()}}`,
      touched: `{${some.map(({ touched }) => touched).join()}}`,
      orders: `{${some.map(({ orders }) => orders).join()}}`,
      sure: `{${some.map(({ isSure }) => isSure).join()}}`,
    };
  }
}

/** What rules ask in the batch before: they are the same ones in most cases. */
let askedLast: { rules: ActiveRule[]; now: string; arrays: Buffer[] } | undefined;

function askedOf(rules: ActiveRule[], now: string): Buffer[] {
  const isSame =
    askedLast?.now === now &&
    askedLast.rules.length === rules.length &&
    askedLast.rules.every(({ id, list }, place) => id === rules[place]!.id && list === rules[place]!.list);
  if (!isSame) {
    const conditions = rules.flatMap((rule, place) =>
      rule.list.map((condition) => conditionRow(rule, place, condition, now)),
    );
    const arrays = [
      ...askedRules.arrays(rules.map(ruleRow)),
      ...askedConditions.arrays(conditions.map((row, place) => ({ place, ...row }))),
    ];
    askedLast = { rules, now, arrays };
  }
  return askedLast!.arrays;
}

function ruleRow({ id, anyOrder, ofEmpty }: ActiveRule, rule: number) {
  const { slack, watched } = ofEmpty;
  return { rule, rule_id: id, any_order: anyOrder, empty_slack: slack, empty_watched: watched };
}

function conditionRow(
  { id }: ActiveRule,
  rule: number,
  { number, condition, match }: ActiveCondition,
  now: string,
) {
  const { count, at_least, at_most, last_days, from, to } = condition;
  return {
    rule,
    rule_id: id,
    number,
    counts: count,
    kind: match.kind,
    ids: `{${'ids' in match ? match.ids.join() : ''}}`,
    at_least: at_least === undefined ? null : String(at_least),
    at_most: at_most === undefined ? null : String(at_most),
    days: last_days ?? null,
    since: last_days === undefined ? null : daysBefore(now, last_days),
    first_day: from === undefined ? null : `${from} 00:00:00`,
    end_day: to === undefined ? null : `${to} 00:00:00`,
  };
}

/** A guest with lists, separated by commas. */
interface CountedGuest {
  userId: string;
  closed: number;
  /** Rules to be judged, by their places. */
  doubtful: string;
  /** Those of them of which the state says that they hold. */
  held: string | null;
  /** Of each of their conditions that any order matches: place of the rule, number, and what is counted. */
  rules: string | null;
  numbers: string | null;
  holds: string | null;
  until: string | null;
  slack: string | null;
  matched: string | null;
}

function countedRules({ userId, closed, doubtful, held, ...met }: CountedGuest, rules: ActiveRule[]) {
  const holding = new Set(listOf(held));
  const counted = new Map<string, CountedRule>();
  for (const place of listOf(doubtful)) {
    const { id, list } = rules[Number(place)]!;
    const conditions = list.map(({ unmatched }) => unmatched);
    counted.set(place, { userId, ruleId: id, closed, held: holding.has(place), conditions });
  }
  const [numbers, holds, until] = [listOf(met.numbers), listOf(met.holds), listOf(met.until)];
  const [slack, matched] = [listOf(met.slack), listOf(met.matched)];
  for (const [at, rule] of listOf(met.rules).entries()) {
    counted.get(rule)!.conditions[Number(numbers[at])] = {
      holds: holds[at] === 't',
      until: until[at] || null,
      slack: slack[at] === '' ? null : Number(slack[at]),
      matched: Number(matched[at]),
    };
  }
  return [...counted.values()];
}
