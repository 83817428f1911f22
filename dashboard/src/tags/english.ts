import type { MatchKind } from './answers';

/** How a number is limited: the complement of the words where the condition is negated. */
export interface Limit {
  least?: number;
  most?: number;
  isNegated: boolean;
  /** Writes a number, with its currency where it is money. */
  write: (value: number) => string;
}

export type Unit = 'times' | 'portions' | 'days' | 'money';

/** “a”, “b” or “c”. */
function listed(names: string[]): string {
  const quoted = names.map((name) => `“${name}”`);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
}

const units: Record<Unit, [one: string, many: string]> = {
  times: [' time', ' times'],
  portions: [' portion', ' portions'],
  days: [' day', ' days'],
  money: ['', ''],
};

function counted(text: string, value: number, unit: Unit): string {
  return `${text}${units[unit][value === 1 ? 0 : 1]}`;
}

/** How the sentence of a rule is built in English. */
export const english = {
  whose: 'Guests who',
  and: ' and ',
  or: ' or ',
  /** What was ordered. */
  what: {
    any: () => 'anything',
    product_pattern: (names: string[]) => `a dish with ${listed(names)} in its name`,
    product_id: (names: string[]) => listed(names),
    category: (names: string[]) => `a dish of the category ${listed(names)}`,
    restaurant_id: (names: string[]) => `anything from ${listed(names)}`,
  } as Record<MatchKind | 'any', (names: string[]) => string>,
  orders: (what: string, amount: string) => `ordered ${what} ${amount}`,
  noOrders: (_kind: MatchKind | 'any', what: string) => `did not order ${what}`,
  items: (kind: MatchKind | 'any', names: string[], amount: string) =>
    `ordered ${amount} of ${english.what[kind](names)}`,
  money: (kind: MatchKind | 'any', what: string, amount: string) =>
    kind === 'any' ? `spent ${amount}` : `spent ${amount} on ${what}`,
  last: (what: string, amount: string) => `last ordered ${what} ${amount} ago`,
  first: (isNegated: boolean) => `${isNegated ? 'did not make' : 'made'} their first order`,
  amount: ({ least, most, isNegated, write }: Limit, unit: Unit): string => {
    const said = (value: number) => counted(write(value), value, unit);
    const fewer = unit === 'money' || unit === 'days' ? 'less' : 'fewer';
    if (least !== undefined && most !== undefined) {
      if (least === most) {
        return `${isNegated ? 'not ' : ''}exactly ${said(most)}`;
      }
      return isNegated
        ? `${fewer} than ${write(least)} or more than ${said(most)}`
        : `from ${write(least)} to ${said(most)}`;
    }
    return least !== undefined
      ? `${isNegated ? `${fewer} than` : 'at least'} ${said(least)}`
      : `${isNegated ? 'more than' : 'at most'} ${said(most ?? 0)}`;
  },
  lastDays: (days: number) => (days === 1 ? 'in the last day' : `in the last ${days} days`),
  /** Days as they are read, both included. */
  between: (from: string, to: string) => `from ${from} to ${to}`,
  since: (from: string) => `since ${from}`,
  until: (to: string) => `until ${to}`,
};

export type Grammar = typeof english;
