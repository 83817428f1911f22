import { NONE, SLICE, type Keys, type OrderColumns } from './order-columns';

/** Which orders of a guest count: any, or those that have one of the keys; times as in the columns. */
export interface GuestQuestion {
  /** Hash keys of restaurants, products or categories. */
  of?: { kind: 'restaurant' | 'product' | 'category'; ids: string[] };
  from?: number;
  to?: number;
  /** What is added up: of the lines that have the keys; without keys, or by restaurant, of the whole order. */
  sum?: 'items' | 'money';
}

/** By the number of the guest in the columns. */
export interface GuestCounts {
  orders: Int32Array;
  /** Money in hundred thousandths. Empty where nothing is added up. */
  sums: BigInt64Array;
  /** Times of the first and the last order; of a guest with none Infinity and -Infinity. */
  first: Float64Array;
  last: Float64Array;
}

/**
 * Counts the orders of each guest, in slices.
 * @param pause awaited between them; nothing may be added or removed before the end
 */
export async function countGuests(
  columns: OrderColumns,
  question: GuestQuestion,
  pause: () => Promise<unknown>,
): Promise<GuestCounts> {
  const guests = columns.first.length;
  const counts: GuestCounts = {
    orders: new Int32Array(guests),
    sums: new BigInt64Array(question.sum ? guests : 0),
    first: new Float64Array(guests).fill(Infinity),
    last: new Float64Array(guests).fill(-Infinity),
  };
  for (let guest = 0; guest < guests;) {
    if (guest > 0) {
      await pause();
    }
    guest = countSlice(columns, question, guest, counts);
  }
  return counts;
}

/**
 * One loop without calls, as it passes over all orders and their lines.
 * @returns the guest after the last one
 */
function countSlice(
  columns: OrderColumns,
  { of, from = -Infinity, to = Infinity, sum }: GuestQuestion,
  start: number,
  counts: GuestCounts,
): number {
  const ofRestaurant = of?.kind === 'restaurant' ? marked(columns.restaurants, of.ids) : undefined;
  const ofProduct = of?.kind === 'product' ? marked(columns.products, of.ids) : undefined;
  const ofCategory = of?.kind === 'category' ? marked(columns.categories, of.ids) : undefined;
  const isOfLines = ofProduct !== undefined || ofCategory !== undefined;
  const looksAtLines = isOfLines || sum === 'items';
  const { first, next, restaurant, time, payment } = numbersOf(columns);
  const { lines, lineProduct, linePair, pairCategory, lineQuantity, lineAmount } = numbersOf(columns);
  const last = columns.room - 1;
  let guest = start;
  for (let seen = 0; guest < counts.orders.length && seen < SLICE; guest += 1) {
    let [orders, items, money, earliest, latest] = [0, 0, 0n, Infinity, -Infinity];
    for (let order = first[guest]!; order !== NONE; order = next[order]!) {
      seen += 1;
      const place = restaurant[order]!;
      const at = time[order]!;
      if (place === NONE || at < from || at >= to || ofRestaurant?.[place] === 0) {
        continue;
      }
      let isCounted = !isOfLines;
      const end = !looksAtLines ? 0 : order < last ? lines[order + 1]! : columns.lineProduct.length;
      for (let line = lines[order]!; line < end; line += 1) {
        const ofDish = ofProduct?.[lineProduct[line]!] !== 0;
        if (ofDish && ofCategory?.[pairCategory[linePair[line]!]!] !== 0) {
          isCounted = true;
          items += sum === 'items' ? lineQuantity[line]! : 0;
          money = sum === 'money' ? BigInt.asIntN(64, money + lineAmount[line]!) : money;
        }
      }
      money = sum === 'money' && !isOfLines ? BigInt.asIntN(64, money + payment[order]!) : money;
      if (isCounted) {
        orders += 1;
        earliest = at < earliest ? at : earliest;
        latest = at > latest ? at : latest;
      }
    }
    counts.orders[guest] = orders;
    counts.first[guest] = earliest;
    counts.last[guest] = latest;
    if (sum) {
      counts.sums[guest] = sum === 'items' ? BigInt(items) : money;
    }
  }
  return guest;
}

function numbersOf(columns: OrderColumns) {
  return {
    first: columns.first.all,
    next: columns.next.all,
    restaurant: columns.restaurant.all,
    time: columns.time.all,
    payment: columns.payment.all,
    lines: columns.line.all,
    lineProduct: columns.lineProduct.all,
    linePair: columns.linePair.all,
    lineQuantity: columns.lineQuantity.all,
    lineAmount: columns.lineAmount.all,
    pairCategory: columns.pairCategory.all,
  };
}

/** By the number of a key: 1 where it is one of these. */
function marked(keys: Keys, ids: string[]): Uint8Array {
  const marks = new Uint8Array(keys.length);
  for (const id of ids) {
    const number = keys.find(id);
    if (number !== undefined) {
      marks[number] = 1;
    }
  }
  return marks;
}
