import { combine, isReported, listConditions, type Condition, type Conditions } from './conditions';

/** What the ledger says of a guest under one condition, before it is negated. */
export interface ConditionState {
  holds: boolean;
  /** When time alone may change that, in the time zone of the source; null: never. Orders that come only put it off. */
  until: string | null;
  /** How many more orders may change that, where orders only come; null: none. */
  slack: number | null;
  /** Orders that match, in the period of the condition; of first_order 1 where there is any order. */
  matched: number;
}

/** What a rule says of a guest. */
export interface RuleState extends Omit<Known, 'wait'> {
  /** Orders that match the first condition that counts and is not negated; 0 where there is none. */
  orders: number;
  /** Whether an order matches any of the conditions. */
  isMatched: boolean;
}

interface Known extends Omit<ConditionState, 'matched'> {
  /** How many orders of any kind are likely to come before `slack` of those that match have; null: no end. */
  wait: number | null;
  /** The conditions by which orders that come may change the answer: a bit of each number. */
  watched: number;
}

/** Of orders that come, one in so many matches a condition on dishes or a restaurant: a guess. */
const ONE_IN = 4;

/**
 * @param states by the number of the condition
 * @param list all conditions, where they are at hand
 */
export function ruleState(
  conditions: Conditions,
  states: ConditionState[],
  list: readonly { condition: Condition }[] = listConditions(conditions),
): RuleState {
  const known = states.map(({ holds, until, slack }, number): Known => {
    const { not, match } = list[number]!.condition;
    return {
      holds: holds !== Boolean(not),
      until,
      slack,
      wait: slack && slack * (match ? ONE_IN : 1),
      watched: slack === null ? 0 : 1 << number,
    };
  });
  const { holds, until, slack, watched } = combine<Known>(
    conditions,
    known,
    (members) => join(members, true),
    (members) => join(members, false),
  );
  return {
    holds,
    until,
    slack,
    watched,
    orders: states[list.findIndex(({ condition }) => isReported(condition))]?.matched ?? 0,
    isMatched: states.some(({ matched }) => matched > 0),
  };
}

/** What a rule says of a guest without orders. */
export function emptyGuest(conditions: Conditions): RuleState {
  return ruleState(
    conditions,
    listConditions(conditions).map(({ condition }) => ofEmpty(condition)),
  );
}

/** What a condition says of a guest of whom no order matches. */
export function ofEmpty({ count, at_least, at_most }: Condition): ConditionState {
  const nothing = { until: null, matched: 0 };
  if (count === 'first_order') {
    return { holds: false, slack: 1, ...nothing };
  }
  if (count === 'days_since_last_order') {
    return { holds: at_most === undefined, slack: 1, ...nothing };
  }
  const isEnough = at_least === undefined;
  const slack = count !== 'orders' ? 1 : isEnough ? at_most! + 1 : at_least;
  return { holds: isEnough, slack, ...nothing };
}

/**
 * One member of the other opinion decides: a rule of which all must hold stays false as long as one does. Of several
 * the one that decides for longest is relied on. Where all are of one opinion, each may change the answer.
 * @param all whether all must hold, else any
 */
function join(members: Known[], all: boolean): Known {
  const deciding = members.filter(({ holds }) => holds !== all);
  if (deciding.length > 0) {
    return deciding.reduce((longest, one) => (isLonger(one, longest) ? one : longest));
  }
  return {
    holds: all,
    until: earliest(members.map(({ until }) => until)),
    slack: earliest(members.map(({ slack }) => slack)),
    wait: earliest(members.map(({ wait }) => wait)),
    watched: members.reduce((bits, { watched }) => bits | watched, 0),
  };
}

function isLonger(one: Known, other: Known): boolean {
  if (one.until !== other.until) {
    return one.until === null || (other.until !== null && one.until > other.until);
  }
  return other.wait !== null && (one.wait === null || one.wait > other.wait);
}

/** The least; null stands for never. */
function earliest<Value extends string | number>(values: (Value | null)[]): Value | null {
  return values.reduce(
    (least, value) => (least === null || (value !== null && value < least) ? value : least),
    null,
  );
}
