import { addDays } from '../questions/period';
import type { Condition, Conditions, Group, Join, MatchKind } from './answers';
import type { Grammar, Limit, Unit } from './english';
import { joined, matchOf } from './rule-form';

/** What a sentence needs besides the rule. */
export interface Speech {
  grammar: Grammar;
  /** The name of what a rule names by an id; the id where it is not known. */
  nameOf: (kind: MatchKind, id: string) => string;
  count: (value: number) => string;
  money: (value: number) => string;
  day: (day: string) => string;
}

const units: Partial<Record<Condition['count'], Unit>> = {
  orders: 'times',
  items: 'portions',
  money: 'money',
  days_since_last_order: 'days',
};

/** A rule as a sentence: Guests who ordered a dish with “пицц” in its name at least 10 times. */
export function sentenceOf(conditions: Conditions, speech: Speech): string {
  const { join, members } = joined<Condition | Group>(conditions);
  const parts = members.map((member) => {
    if ('count' in member) {
      return clauseOf(member, speech);
    }
    const inner = joined(member);
    const text = joinedBy(
      inner.join,
      inner.members.map((one) => clauseOf(one, speech)),
      speech,
    );
    return inner.members.length > 1 && members.length > 1 ? `(${text})` : text;
  });
  return `${speech.grammar.whose} ${joinedBy(join, parts, speech)}`;
}

function joinedBy(join: Join, parts: string[], { grammar }: Speech): string {
  return parts.join(join === 'all_of' ? grammar.and : grammar.or);
}

/** One condition, as it goes on after "Guests who". */
export function clauseOf(condition: Condition, speech: Speech): string {
  const { kind, values } = matchOf(condition.match);
  const names = values.map((value) => (kind === 'any' ? value : speech.nameOf(kind, value)));
  const text = bareClause(condition, kind, names, speech);
  const period = periodOf(condition, speech);
  return period ? `${text} ${period}` : text;
}

function bareClause(condition: Condition, kind: MatchKind | 'any', names: string[], speech: Speech): string {
  const { grammar, count, money } = speech;
  const what = grammar.what[kind](names);
  const { at_least: least, at_most: most, not: isNegated = false } = condition;
  const limit: Limit = { least, most, isNegated, write: condition.count === 'money' ? money : count };
  const amount = grammar.amount(limit, units[condition.count] ?? 'times');
  switch (condition.count) {
    case 'orders':
      return isNegated && least === 1 && most === undefined
        ? grammar.noOrders(kind, what)
        : grammar.orders(what, amount);
    case 'items':
      return grammar.items(kind, names, amount);
    case 'money':
      return grammar.money(kind, what, amount);
    case 'days_since_last_order':
      return grammar.last(what, amount);
    case 'first_order':
      return grammar.first(isNegated);
  }
}

function periodOf({ last_days, from, to }: Condition, { grammar, day }: Speech): string {
  if (last_days !== undefined) {
    return grammar.lastDays(last_days);
  }
  const last = to && addDays(to, -1);
  if (from && last) {
    return grammar.between(day(from), day(last));
  }
  return from ? grammar.since(day(from)) : last ? grammar.until(day(last)) : '';
}
