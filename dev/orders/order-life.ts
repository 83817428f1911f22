import type { OrderStatus } from '@app/contracts/contract-rules';
import type { Restaurant, User } from './dictionary';
import { orderCost, type OrderLine, type OrderVersion, type StatusMoment } from './order';
import { WeightedChoice, type Random } from './random';
import { DAY, HOUR, MINUTE, SECOND, type SourceTime } from './source-time';

/**
 * Why an order is sent: a new status; a correction of its items or amounts; a cancellation after it was closed; an
 * older version that arrives after a newer one; a version again, with a new `sent_dttm`; the very same message again.
 */
export type SendingReason = 'status' | 'correction' | 'cancellation' | 'late' | 'resent' | 'repeat';

export interface Sending {
  reason: SendingReason;
  version: OrderVersion;
  /** When the message comes to the topic. */
  at: SourceTime;
}

/** How orders of a stream live. Shares are from 0 to 1, ranges in milliseconds. */
export interface Habits {
  /** From OPEN to COOKING, to DELIVERING, to CLOSED. */
  stages: readonly [Range, Range, Range];
  cancelled: number;
  /** Share of orders of which every status is sent, not the final one alone. */
  followed: number;
  /** From a version to its message. */
  transport: Range;
  /** Share of orders that the source sends days later. */
  delayed: number;
  /** The share of orders with each disturbance, and how long after the version before it comes. */
  correction: Disturbance;
  cancellation: Disturbance;
  late: Disturbance;
  resent: Disturbance;
  repeat: Disturbance;
}

export type Range = readonly [least: number, most: number];

export interface Disturbance {
  share: number;
  after: Range;
}

export const HISTORY_HABITS: Habits = {
  stages: [
    [MINUTE, 15 * MINUTE],
    [10 * MINUTE, HOUR],
    [10 * MINUTE, HOUR],
  ],
  cancelled: 0.05,
  followed: 0.2,
  transport: [0, 9 * SECOND],
  delayed: 0.1,
  correction: { share: 0.015, after: [5 * MINUTE, DAY] },
  cancellation: { share: 0.01, after: [10 * MINUTE, DAY] },
  late: { share: 0.05, after: [SECOND, HOUR] },
  resent: { share: 0.01, after: [MINUTE, 6 * HOUR] },
  repeat: { share: 0.02, after: [SECOND, 2 * HOUR] },
};

/** A life in one to two minutes, with more disturbances than in history, so that a demo shows them. */
export const LIVE_HABITS: Habits = {
  stages: [
    [5 * SECOND, 20 * SECOND],
    [15 * SECOND, 40 * SECOND],
    [15 * SECOND, 45 * SECOND],
  ],
  cancelled: 0.05,
  followed: 1,
  transport: [0, SECOND],
  delayed: 0,
  correction: { share: 0.05, after: [5 * SECOND, 30 * SECOND] },
  cancellation: { share: 0.03, after: [5 * SECOND, 40 * SECOND] },
  late: { share: 0.05, after: [SECOND, 10 * SECOND] },
  resent: { share: 0.02, after: [5 * SECOND, 30 * SECOND] },
  repeat: { share: 0.05, after: [SECOND, 30 * SECOND] },
};

/** The longest time from OPEN to the first message of CLOSED. */
export function longestLife({ stages, transport }: Habits): number {
  return [...stages, transport].reduce((sum, [, most]) => sum + most, 0);
}

export interface OrderBeginning {
  orderId: bigint;
  user: User;
  restaurant: Restaurant;
  openedAt: SourceTime;
  /** When the stream ends; infinite for a live one. Nothing is dated or arrives after it. */
  end: SourceTime;
}

const LINES = new WeightedChoice([1, 2, 3, 4, 5], [30, 30, 20, 12, 8]);
const QUANTITIES = new WeightedChoice([1, 2, 3, 4, 5], [70, 18, 6, 3, 3]);
const CANCELLED_AFTER = new WeightedChoice([1, 2, 3], [60, 30, 10]);
const SAME_DISH_AGAIN = 0.03;

/**
 * Lets an order live from its opening to its end.
 * @param disturb where the disturbances of `habits` come from; without it the order is sent as it happens, each version
 *   once.
 * @returns what is sent, in the order of arrival.
 */
export function orderLife(
  beginning: OrderBeginning,
  habits: Habits,
  random: Random,
  disturb?: Random,
): Sending[] {
  const sendings = undisturbed(beginning, habits, random);
  if (disturb) {
    amend(sendings, habits, disturb, beginning.end);
    sendAgain(sendings, habits, disturb, beginning.end);
  }
  return sendings.sort((a, b) => a.at - b.at);
}

function undisturbed(beginning: OrderBeginning, habits: Habits, random: Random): Sending[] {
  const { orderId, user, restaurant, end } = beginning;
  const lines = drawLines(restaurant, random);
  const cost = orderCost({ lines });
  // A bonus pays for whole roubles, and is granted as a share of what the guest paid himself.
  const bonusPayment = random.chance(0.15) ? Math.floor((cost * random.integer(5, 30)) / 10_000) * 100 : 0;
  const bonusGrant = random.chance(0.3) ? Math.floor((cost - bonusPayment) / 20) : 0;
  const moments = drawMoments(beginning.openedAt, habits, random);
  const isFollowed = random.chance(habits.followed);
  const isDelayed = random.chance(habits.delayed);

  return moments.slice(isFollowed ? 0 : -1).map((newest) => {
    const updatedAt = newest.at;
    const at = updatedAt + random.integer(...habits.transport);
    // A message that is sent days late keeps its place among the others: the topic is not sorted by sent_dttm.
    const sentAt = isDelayed ? Math.min(at + random.integer(DAY, 7 * DAY), end) : at;
    const statuses = moments.slice(0, moments.indexOf(newest) + 1).toReversed() as [
      StatusMoment,
      ...StatusMoment[],
    ];
    const version = {
      orderId,
      user,
      restaurant,
      lines,
      statuses,
      bonusPayment,
      bonusGrant,
      updatedAt,
      sentAt,
    };
    return { reason: 'status', version, at };
  });
}

function drawLines({ dishes }: Restaurant, random: Random): OrderLine[] {
  const lines: OrderLine[] = [];
  for (let left = LINES.draw(random); left > 0; left--) {
    const previous = lines.at(-1);
    let dish = dishes.draw(random);
    if (previous && random.chance(SAME_DISH_AGAIN)) {
      dish = previous.dish;
    } else if (lines.some((line) => line.dish === dish)) {
      continue;
    }
    lines.push({ dish, price: dish.price, quantity: QUANTITIES.draw(random) });
  }
  return lines;
}

/** The statuses of an order with their moments, the oldest first. */
function drawMoments(openedAt: SourceTime, { stages, cancelled }: Habits, random: Random): StatusMoment[] {
  const path: OrderStatus[] = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED'];
  if (random.chance(cancelled)) {
    path.splice(CANCELLED_AFTER.draw(random), Infinity, 'CANCELLED');
  }
  let at = openedAt;
  return path.map((status, index) => {
    if (index > 0) {
      at += random.integer(...stages[index - 1]!);
    }
    return { status, at };
  });
}

/** Changes a closed order afterwards: a correction, a cancellation, or one after the other. */
function amend(sendings: Sending[], habits: Habits, random: Random, end: SourceTime): void {
  const { correction, cancellation, transport } = habits;
  const send = (reason: SendingReason, { after }: Disturbance, changed: Partial<OrderVersion>) => {
    const last = sendings.at(-1)!.version;
    const updatedAt = amendedAt(last, after, random, end);
    const at = Math.min(updatedAt + random.integer(...transport), end);
    const version = { ...last, ...changed, updatedAt, sentAt: Math.max(at, last.sentAt) };
    if (reason === 'cancellation') {
      version.statuses = [{ status: 'CANCELLED', at: updatedAt }, ...last.statuses];
    }
    sendings.push({ reason, version, at });
  };
  const closed = sendings.at(-1)!.version;
  if (closed.statuses[0].status !== 'CLOSED') {
    return;
  }
  if (random.chance(correction.share)) {
    send('correction', correction, correctedOrder(closed, random));
  }
  if (random.chance(cancellation.share)) {
    send('cancellation', cancellation, {});
  }
}

/** Where little is left of a history, a change comes sooner, so that another one still finds room before the end. */
function amendedAt(
  { updatedAt }: OrderVersion,
  [least, most]: Range,
  random: Random,
  end: SourceTime,
): SourceTime {
  const left = Math.floor((end - updatedAt) / 2);
  return updatedAt + random.integer(Math.min(least, left), Math.min(most, left));
}

/** One line changed, added or taken away; the bonus fits the new cost. */
function correctedOrder(order: OrderVersion, random: Random): Partial<OrderVersion> {
  const lines = correctedLines(order, random);
  const cost = orderCost({ lines });
  const bonusPayment = Math.min(order.bonusPayment, cost);
  return {
    lines,
    bonusPayment,
    bonusGrant: order.bonusGrant > 0 ? Math.floor((cost - bonusPayment) / 20) : 0,
  };
}

function correctedLines({ lines, restaurant }: OrderVersion, random: Random): OrderLine[] {
  const index = random.integer(0, lines.length - 1);
  const line = lines[index]!;
  const kind = random.pick(['quantity', 'price', 'added', 'removed']);
  if (kind === 'removed' && lines.length > 1) {
    return lines.toSpliced(index, 1);
  }
  if (kind === 'added' && lines.length < 5) {
    const dish = restaurant.dishes.draw(random);
    return [...lines, { dish, price: dish.price, quantity: 1 }];
  }
  if (kind === 'price') {
    return lines.with(index, { ...line, price: Math.floor(line.price / 1000) * 900 });
  }
  return lines.with(index, { ...line, quantity: (line.quantity % 5) + 1 });
}

/** Lets an older version come after the newest one, and versions come again. */
function sendAgain(sendings: Sending[], habits: Habits, random: Random, end: SourceTime): void {
  const newest = sendings.at(-1)!;
  const arrives = (before: Sending, after: Range) => Math.min(before.at + random.integer(...after), end);
  if (sendings.length > 1 && random.chance(habits.late.share)) {
    const [older] = sendings.splice(random.integer(0, sendings.length - 2), 1);
    sendings.push({ ...older!, reason: 'late', at: arrives(newest, habits.late.after) });
  }
  if (random.chance(habits.resent.share)) {
    const at = arrives(newest, habits.resent.after);
    const sentAt = Math.max(at, newest.version.sentAt + SECOND);
    if (sentAt <= end) {
      sendings.push({ reason: 'resent', version: { ...newest.version, sentAt }, at });
    }
  }
  if (random.chance(habits.repeat.share)) {
    const original = random.pick(sendings);
    sendings.push({ ...original, reason: 'repeat', at: arrives(original, habits.repeat.after) });
  }
}
