/** What a match names; exactly one of the four. */
export const matchNames = ['category', 'product_id', 'product_pattern', 'restaurant_id'] as const;

export type MatchName = (typeof matchNames)[number];

/** Which orders or lines are meant: those of any of the values. */
export type Match = Partial<Record<MatchName, string | string[]>>;

/** What a condition counts over the orders of a guest that match. */
export const sums = ['orders', 'items', 'money'] as const;
export const counted = [...sums, 'days_since_last_order', 'first_order'] as const;

export type Counted = (typeof counted)[number];

/** One condition on the CLOSED orders of a guest. */
export interface Condition {
  not?: true;
  count: Counted;
  /** Absent: any order. */
  match?: Match;
  at_least?: number;
  at_most?: number;
  /** Orders of so many last days. */
  last_days?: number;
  /** Orders from this day on, `YYYY-MM-DD`. */
  from?: string;
  /** Orders before this day, `YYYY-MM-DD`. */
  to?: string;
}

/** All of the members hold, or any of them. */
export type Joined<Member> = { all_of: Member[] } | { any_of: Member[] };

export type ConditionGroup = Joined<Condition>;

/** When a rule holds for a guest: conditions and, one level deep, groups of them. */
export type Conditions = Joined<Condition | ConditionGroup>;

/** A rule as it could be said before there were conditions. */
export interface OldForm {
  match: Partial<Record<MatchName, string>>;
  min_orders: number;
  window_days?: number;
}

/** A condition with its path in the rule, as `all_of.1.any_of.0`. */
export interface PlacedCondition {
  path: string;
  condition: Condition;
}

/** All conditions in the order in which they are written; the place in this list is the number of a condition. */
export function listConditions(conditions: Conditions): PlacedCondition[] {
  const [join, members] = membersOf(conditions);
  return members.flatMap((member, place): PlacedCondition[] => {
    const path = `${join}.${place}`;
    if (!isGroup(member)) {
      return [{ path, condition: member }];
    }
    const [inner, some] = membersOf(member);
    return some.map((condition, at) => ({ path: `${path}.${inner}.${at}`, condition }));
  });
}

/**
 * Combines what is known of each condition as the rule joins them.
 * @param known by the number of the condition
 * @param all of members that all must hold
 * @param any of members of which one suffices
 */
export function combine<Known>(
  conditions: Conditions,
  known: readonly Known[],
  all: (members: Known[]) => Known,
  any: (members: Known[]) => Known,
): Known {
  let next = 0;
  const join = (joined: Joined<unknown>, members: Known[]) => ('all_of' in joined ? all : any)(members);
  const [, members] = membersOf(conditions);
  return join(
    conditions,
    members.map((member) =>
      isGroup(member)
        ? join(
            member,
            membersOf(member)[1].map(() => known[next++]!),
          )
        : known[next++]!,
    ),
  );
}

export function membersOf<Member>(joined: Joined<Member>): ['all_of' | 'any_of', Member[]] {
  return 'all_of' in joined ? ['all_of', joined.all_of] : ['any_of', joined.any_of];
}

export function isGroup(member: Condition | ConditionGroup): member is ConditionGroup {
  return 'all_of' in member || 'any_of' in member;
}

/**
 * The condition whose orders are reported: the first that is not negated and counts orders, items or money.
 * @returns its number; -1 where there is none
 */
export function reportedCondition(conditions: Conditions): number {
  return listConditions(conditions).findIndex(({ condition }) => isReported(condition));
}

export function isReported({ not, count }: Condition): boolean {
  return !not && (sums as readonly Counted[]).includes(count);
}

/** The name and the values of a match. */
export function valuesOf(match: Match): [MatchName, string[]] {
  const [name, values] = Object.entries(match)[0] as [MatchName, string | string[]];
  return [name, typeof values === 'string' ? [values] : values];
}

export function fromOldForm({ match, min_orders, window_days }: OldForm): Conditions {
  return {
    all_of: [
      {
        count: 'orders',
        match,
        at_least: min_orders,
        ...(window_days !== undefined && { last_days: window_days }),
      },
    ],
  };
}

/** The rule in the old form; undefined where that cannot say it. */
export function toOldForm(conditions: Conditions): OldForm | undefined {
  const [, members] = membersOf(conditions);
  const [only] = listConditions(conditions);
  const { not, count, match, at_least, at_most, last_days, from, to } = only!.condition;
  const isOther = members.length > 1 || isGroup(members[0]!) || not || at_most !== undefined || from || to;
  if (isOther || count !== 'orders' || match === undefined || at_least === undefined) {
    return undefined;
  }
  const [name, values] = valuesOf(match);
  return values.length > 1
    ? undefined
    : {
        match: { [name]: values[0]! },
        min_orders: at_least,
        ...(last_days !== undefined && { window_days: last_days }),
      };
}
