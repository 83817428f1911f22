import { LosslessNumber } from 'lossless-json';
import { columnFilter } from './column-filter';
import { sourceTime } from './epoch-micros';
import type {
  CategoryOfRestaurant,
  FilterQuery,
  Named,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
  SummaryAnswer,
  TimelineAnswer,
  TimelineQuery,
} from './dashboard.contract';
import { moneyText, type PastOrders } from './past-orders';
import { MOST_POINTS, OLDEST_DATE, tooManyPoints } from './timeline';
import { nextStep, stepBegin } from './time-steps';

/** A day, in milliseconds. */
const DAY_MS = 24 * 60 * 60 * 1000;

type Value = [key: string, value: number];

export async function pastCategories(past: PastOrders, query: PopularityQuery): Promise<PopularityAnswer[]> {
  const { total, values } = await past.count(columnFilter(query), query.by, ['category']);
  return ranked(values.category!, past.categories, total).slice(0, query.limit);
}

export async function pastProducts(past: PastOrders, query: PopularityQuery): Promise<PopularityAnswer[]> {
  const { total, values } = await past.count(columnFilter(query), query.by, ['product']);
  return ranked(values.product!, past.products, total).slice(0, query.limit);
}

export async function pastRestaurants(past: PastOrders, query: PopularityQuery): Promise<RestaurantAnswer[]> {
  const grains = ['restaurant', 'restaurant category'] as const;
  const { total, values } = await past.count(columnFilter(query), query.by, [...grains]);
  const pairs = new Map<string, Value[]>();
  for (const [pair, value] of values['restaurant category']!) {
    const [restaurant, category] = pair.split(' ') as [string, string];
    pairs.set(restaurant, [...(pairs.get(restaurant) ?? []), [category, value]]);
  }
  return ranked(values.restaurant!, past.restaurants, total)
    .slice(0, query.limit)
    .map((answer) => ({
      ...answer,
      categories: ranked(pairs.get(answer.id) ?? [], past.categories, total).map(withoutShare),
    }));
}

function withoutShare({ id, name, value }: PopularityAnswer): CategoryOfRestaurant {
  return { id, name, value };
}

/** The largest first. @param total of all together */
function ranked(values: Value[], names: ReadonlyMap<string, string>, total: number): PopularityAnswer[] {
  return values
    .map(([id, value]) => ({ id, name: names.get(id)!, value, share: value / total }))
    .sort((one, other) => other.value - one.value || byName(one, other));
}

/** As PostgreSQL sorts with the collation C: byte for byte. */
function byName(one: Named, other: Named): number {
  return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)) || (one.id < other.id ? -1 : 1);
}

export async function pastSummary(past: PastOrders, query: FilterQuery): Promise<SummaryAnswer> {
  const filter = columnFilter(query);
  const sums = { orders: 0, closed: 0, cost: 0n, payment: 0n, newest: -Infinity };
  await past.visit(filter, ({ isClosed, cost, payment, time }) => {
    sums.orders += 1;
    sums.newest = Math.max(sums.newest, time);
    if (isClosed) {
      sums.closed += 1;
      sums.cost += cost;
      sums.payment += payment;
    }
  });
  const { total: users } = await past.count(filter, 'users', []);
  const { orders, closed, cost, payment, newest } = sums;
  return {
    orders,
    closed_orders: closed,
    closed_share: orders === 0 ? null : closed / orders,
    users,
    revenue: new LosslessNumber(moneyText(payment)),
    average_bill: closed === 0 ? null : new LosslessNumber(moneyText(mean(cost, BigInt(closed)))),
    newest_order_at: orders === 0 ? null : sourceTime(newest),
    as_of: past.knownAt,
  };
}

/** Rounded, halves up. */
function mean(sum: bigint, count: bigint): bigint {
  return (2n * sum + count) / (2n * count);
}

/** As `timeline`. */
export async function pastTimeline(past: PastOrders, query: TimelineQuery): Promise<TimelineAnswer[]> {
  const { step } = query;
  const filter = columnFilter(query);
  const counted = new Map<number, { orders: number; closed_orders: number; payment: bigint }>();
  await past.visit(filter, ({ time, isClosed, payment }) => {
    const begin = stepBegin(time, step);
    const sums = counted.get(begin) ?? { orders: 0, closed_orders: 0, payment: 0n };
    counted.set(begin, {
      orders: sums.orders + 1,
      closed_orders: sums.closed_orders + (isClosed ? 1 : 0),
      payment: sums.payment + (isClosed ? payment : 0n),
    });
  });
  const begins = [...counted.keys()].sort((one, other) => one - other);
  const [since, until] = [Date.parse(OLDEST_DATE) * 1000, (past.knownAt.getTime() + DAY_MS) * 1000];
  const likely = begins.filter((begin) => begin >= since && begin <= until);
  const oldest = filter.from === undefined ? (likely[0] ?? begins[0]) : stepBegin(filter.from, step);
  const newest = filter.to === undefined ? (likely.at(-1) ?? begins.at(-1)) : stepBegin(filter.to - 1, step);
  const answers: TimelineAnswer[] = [];
  for (let begin = oldest ?? Infinity; begin <= (newest ?? -Infinity); begin = nextStep(begin, step)) {
    if (answers.length === MOST_POINTS) {
      throw tooManyPoints(step);
    }
    const { orders = 0, closed_orders = 0, payment = 0n } = counted.get(begin) ?? {};
    answers.push({
      start: sourceTime(begin),
      orders,
      closed_orders,
      revenue: new LosslessNumber(moneyText(payment)),
    });
  }
  return answers;
}
