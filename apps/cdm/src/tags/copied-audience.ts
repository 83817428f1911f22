import { setImmediate as turn } from 'node:timers/promises';
import { daysBefore } from '@app/values/local-time';
import { countGuests, type GuestCounts, type GuestQuestion } from '../figures/count-guests';
import { epochMicros } from '../figures/epoch-micros';
import type { OrderColumns } from '../figures/order-columns';
import { moneyUnits } from '../ledger/money-units';
import { combine, listConditions, type Condition, type Conditions } from './conditions';
import { emptyGuest } from './guest-counts';
import type { NumberOfGuests } from './histogram';
import { matchOf } from './tag-rule';

const DAY_MICROS = 86_400_000_000;
/** Of money in an amount. */
const UNITS = 100_000;

/** For whom a rule holds, from the copy of the ledger; by the number of the guest in its columns. */
export interface CopiedAudience {
  /** 1 where it holds. */
  holds: Uint8Array;
  /** Whether it holds for a guest without CLOSED orders. */
  ofEmpty: boolean;
  /** What each condition counted. */
  counts: GuestCounts[];
}

/** Whether the copy has what the conditions count. */
export function isInCopy(columns: OrderColumns, conditions: Conditions): boolean {
  const list = listConditions(conditions);
  return columns.hasWorth || list.every(({ condition: { count } }) => count !== 'items' && count !== 'money');
}

/**
 * Says of each guest what the query of members-query.ts says, in some milliseconds a condition.
 * @param products what patterns stand for, by the number of the condition
 * @param now the present, local at the source
 */
export async function copiedAudience(
  columns: OrderColumns,
  conditions: Conditions,
  products: ReadonlyMap<number, string[]>,
  now: string,
): Promise<CopiedAudience> {
  const counts: GuestCounts[] = [];
  const known: Uint8Array[] = [];
  for (const [number, { condition }] of listConditions(conditions).entries()) {
    const counted = await countGuests(columns, questionOf(condition, products.get(number) ?? [], now), turn);
    counts.push(counted);
    known.push(holdersOf(condition, counted, now));
  }
  const holds = combine(
    conditions,
    known,
    (members) => members.reduce((all, one) => all.map((held, guest) => held & one[guest]!)),
    (members) => members.reduce((any, one) => any.map((held, guest) => held | one[guest]!)),
  );
  return { holds, ofEmpty: emptyGuest(conditions).holds, counts };
}

function questionOf(condition: Condition, products: string[], now: string): GuestQuestion {
  const { count } = condition;
  const match = matchOf(condition);
  return {
    ...(match.kind === 'pattern' && { of: { kind: 'product', ids: products } }),
    ...('ids' in match && { of: match }),
    ...(count !== 'first_order' && periodOf(condition, now)),
    ...((count === 'items' || count === 'money') && { sum: count }),
  };
}

/** The last days begin after a moment. */
function periodOf({ last_days, from, to }: Condition, now: string): { from: number; to: number } {
  const since = last_days === undefined ? -Infinity : epochMicros(daysBefore(now, last_days)) + 1;
  return {
    from: from === undefined ? since : epochMicros(from),
    to: to === undefined ? Infinity : epochMicros(to),
  };
}

/** 1 for those of whom the condition holds. A loop: `Uint8Array.from` takes ten times as long. */
function holdersOf(condition: Condition, counts: GuestCounts, now: string): Uint8Array {
  const isTrue = testOf(condition, counts, now);
  const holders = new Uint8Array(counts.orders.length);
  for (let guest = 0; guest < holders.length; guest += 1) {
    holders[guest] = isTrue(guest) === !condition.not ? 1 : 0;
  }
  return holders;
}

/** Whether a condition is true of a guest, before it is negated. */
function testOf(condition: Condition, counts: GuestCounts, now: string): (guest: number) => boolean {
  const { count, at_least, at_most } = condition;
  const { orders, sums, first, last } = counts;
  if (count === 'first_order') {
    const { from, to } = periodOf(condition, now);
    return (guest) => orders[guest]! > 0 && first[guest]! >= from && first[guest]! < to;
  }
  if (count === 'days_since_last_order') {
    const since = (days: number) => epochMicros(daysBefore(now, days));
    const until = at_least === undefined ? Infinity : since(at_least);
    const after = at_most === undefined ? undefined : since(at_most + 1);
    return (guest) => last[guest]! <= until && (after === undefined || last[guest]! > after);
  }
  if (count === 'orders') {
    const [least, most] = [at_least ?? 0, at_most ?? Infinity];
    return (guest) => orders[guest]! >= least && orders[guest]! <= most;
  }
  const units = (bound: number) => (count === 'money' ? moneyUnits(String(bound)) : BigInt(bound));
  const least = at_least === undefined ? undefined : units(at_least);
  const most = at_most === undefined ? undefined : units(at_most);
  return (guest) =>
    (least === undefined || sums[guest]! >= least) && (most === undefined || sums[guest]! <= most);
}

/** How many guests have which number of a condition, of those with orders that match; none of first_order. */
export function numbersOf({ count }: Condition, counts: GuestCounts, now: string): NumberOfGuests[] {
  const { orders, sums, last } = counts;
  const present = epochMicros(now);
  const numberOf = {
    orders: (guest: number) => orders[guest]!,
    items: (guest: number) => Number(sums[guest]!),
    money: (guest: number) => Number(sums[guest]!) / UNITS,
    days_since_last_order: (guest: number) => Math.max(0, Math.floor((present - last[guest]!) / DAY_MICROS)),
    first_order: undefined,
  }[count];
  const guests = new Map<number, number>();
  if (numberOf) {
    for (let guest = 0; guest < orders.length; guest += 1) {
      if (orders[guest]! > 0) {
        const number = numberOf(guest);
        guests.set(number, (guests.get(number) ?? 0) + 1);
      }
    }
  }
  return Array.from(guests, ([number, users]) => ({ number, users })).sort((a, b) => a.number - b.number);
}
