import { isDeepStrictEqual } from 'node:util';
import { daysBefore } from '@app/values/local-time';
import { sortableTime } from '@app/values/source-time';
import type { OrderChange } from '../ledger/newest-versions';
import type { LedgerOrder } from '../ledger/read-vault-order';
import type { ActiveRule } from './active-rules';
import type { Condition } from './conditions';
import type { DoubtfulRule } from './count-conditions';

/** What changed orders of one user mean for the rules. */
interface Touched {
  /** By how many more CLOSED orders there are. */
  more: number;
  /** Rules that orders touch which came. */
  gained: Map<ActiveRule, Pick<DoubtfulRule, 'touched' | 'orders'>>;
  /** Rules to be judged whatever their state says. */
  sure: Set<ActiveRule>;
}

/**
 * Which rules changed orders may change for which users: those with a condition that a CLOSED order matches, before or
 * after. Where orders only come, the state of a rule says whether they can be enough; but not of one that comes before
 * the period of a first order. What an order was before, and is no more, is judged; and where the user has fewer
 * orders, all rules are, since their states count from that number.
 * @param newUsers users who have no state yet
 * @param now the present, local at the source
 * @returns in ascending order of users
 */
export function touchedRules(
  changes: OrderChange[],
  newUsers: string[],
  rules: ActiveRule[],
  now: string,
): DoubtfulRule[] {
  const byKey = new RulesByKey(rules, now);
  const touched = new Map<string, Touched>();
  const of = (userId: string) => {
    const known = touched.get(userId) ?? { more: 0, gained: new Map(), sure: new Set() };
    touched.set(userId, known);
    return known;
  };
  for (const userId of newUsers) {
    addAll(
      of(userId).sure,
      rules.filter(({ isPending, ofEmpty }) => isPending || ofEmpty.holds),
    );
  }
  for (const { before, after } of changes) {
    const [was, is] = [before?.status === 'CLOSED', after.status === 'CLOSED'];
    if ((was || is) && !(was && is && isSame(before!, after))) {
      const user = of(after.userId);
      user.more += Number(is) - Number(was);
      const matching = is ? byKey.matching(after) : undefined;
      if (was) {
        addAll(user.sure, matching?.keys() ?? rules);
        addAll(user.sure, byKey.matching(before!).keys());
        addAll(user.sure, byKey.beginningAfter(before!));
      } else {
        matching!.forEach((bits, rule) => {
          const gained = user.gained.get(rule) ?? { touched: 0, orders: 0 };
          gained.touched |= bits;
          gained.orders += (bits & ~rule.anyOrder) === 0 ? 0 : 1;
          user.gained.set(rule, gained);
        });
      }
      addAll(user.sure, is ? byKey.beginningAfter(after) : []);
      addAll(user.sure, byKey.pending);
    }
  }
  return [...touched]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([userId, { more, gained, sure }]) =>
      [...new Set([...gained.keys(), ...sure])].map((rule) => ({
        userId,
        ruleId: rule.id,
        more,
        touched: gained.get(rule)?.touched ?? 0,
        orders: gained.get(rule)?.orders ?? 0,
        isSure: sure.has(rule),
      })),
    );
}

function addAll<Value>(set: Set<Value>, values: Iterable<Value>): void {
  for (const value of values) {
    set.add(value);
  }
}

/** Whether nothing differs that a condition looks at. */
function isSame(before: LedgerOrder, after: LedgerOrder): boolean {
  const seen = ({ orderDt, payment, productIds, categoryIds, quantities, amounts }: LedgerOrder) => [
    orderDt,
    shortest(payment),
    productIds,
    categoryIds,
    quantities,
    amounts.map(shortest),
  ];
  return isDeepStrictEqual(seen(before), seen(after));
}

/** PostgreSQL fills amounts up with zeros. */
function shortest(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

/** A condition that orders may match. */
interface Watching {
  rule: ActiveRule;
  /** Of its number. */
  bit: number;
  /** Bounds of the period as texts that sort; those that are undefined are none. */
  after?: string;
  from?: string;
  to?: string;
}

/** Conditions by what they match: hash keys of different hubs are different. */
class RulesByKey {
  readonly pending: ActiveRule[];
  /** Those that any order matches. */
  private readonly always: Watching[] = [];
  private readonly firstOrders: Watching[] = [];
  private readonly byKey = new Map<string, Watching[]>();

  constructor(rules: ActiveRule[], now: string) {
    this.pending = rules.filter(({ isPending }) => isPending);
    for (const rule of rules) {
      for (const { number, condition, match } of rule.list) {
        const watching = { rule, bit: 1 << number, ...boundsOf(condition, now) };
        if (condition.count === 'first_order') {
          this.firstOrders.push(watching);
        }
        if (match.kind === 'any') {
          this.always.push(watching);
        }
        const keys = 'ids' in match ? match.ids : match.kind === 'pattern' ? productsOf(rule, number) : [];
        for (const key of keys) {
          this.byKey.set(key, [...(this.byKey.get(key) ?? []), watching]);
        }
      }
    }
  }

  /** With the bits of the conditions that match. */
  matching({ orderDt, restaurantId, productIds, categoryIds }: LedgerOrder): Map<ActiveRule, number> {
    const time = sortableTime(orderDt);
    const matching = new Map<ActiveRule, number>();
    const add = (watching: Watching[]) => {
      for (const { rule, bit, after = '', from = '', to = '~' } of watching) {
        if (time > after && time >= from && time < to) {
          matching.set(rule, (matching.get(rule) ?? 0) | bit);
        }
      }
    };
    add(this.always);
    for (const key of [restaurantId, ...productIds, ...categoryIds]) {
      add(this.byKey.get(key) ?? []);
    }
    return matching;
  }

  /** Rules of which the period of the first order begins after an order. */
  beginningAfter({ orderDt }: LedgerOrder): ActiveRule[] {
    const time = sortableTime(orderDt);
    return this.firstOrders
      .filter(({ after = '', from = '' }) => time <= after || time < from)
      .map(({ rule }) => rule);
  }
}

function boundsOf({ last_days, from, to }: Condition, now: string): Omit<Watching, 'rule' | 'bit'> {
  return {
    after: last_days === undefined ? undefined : sortableTime(daysBefore(now, last_days)),
    from,
    to,
  };
}

/** Of the products of the changed orders, those that the pattern of a condition stands for. */
function productsOf({ products }: ActiveRule, number: number): string[] {
  const prefix = `${number} `;
  return Array.from(products)
    .filter((product) => product.startsWith(prefix))
    .map((product) => product.slice(prefix.length));
}
