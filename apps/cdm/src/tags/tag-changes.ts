import type { ActiveRule } from './active-rules';

/** What is stored about one user: the tags that he holds, and what rules have counted. */
export interface Holding {
  userId: string;
  sourceUserId: string;
  /** Number of his last event; 0 where there is none. */
  lastEvent: number;
  tags: string[];
  /** Orders by rule. */
  counts: Record<string, number>;
  /** Rules whose window has moved on since they were counted. */
  expired: string[];
}

export interface TagChange {
  userId: string;
  sourceUserId: string;
  eventNumber: number;
  event: 'assigned' | 'revoked';
  tag: string;
  orders: number;
}

/**
 * A user holds a tag while one of its rules in force has counted enough. Of several rules the greatest count is told. A
 * rule that is pending, or expired, and was not counted again just now, decides nothing: whoever sees to it will.
 * @param recounted orders by rule, of rules that were counted just now
 */
export function tagChanges(
  { userId, sourceUserId, lastEvent, tags, counts, expired }: Holding,
  rules: ActiveRule[],
  recounted: ReadonlyMap<string, number>,
): TagChange[] {
  const most = new Map<string, number>();
  const wanted = new Set<string>();
  const undecided = new Set<string>();
  for (const { id, tag, min_orders, isPending } of rules) {
    if (!recounted.has(id) && (isPending || expired.includes(id))) {
      undecided.add(tag);
    } else {
      const orders = recounted.get(id) ?? counts[id] ?? 0;
      most.set(tag, Math.max(orders, most.get(tag) ?? 0));
      if (orders >= min_orders) {
        wanted.add(tag);
      }
    }
  }
  const revoked = tags.filter((tag) => !wanted.has(tag) && !undecided.has(tag)).sort();
  const assigned = [...wanted].filter((tag) => !tags.includes(tag)).sort();
  return [
    ...revoked.map((tag) => ({ event: 'revoked' as const, tag })),
    ...assigned.map((tag) => ({ event: 'assigned' as const, tag })),
  ].map(({ event, tag }, place) => ({
    userId,
    sourceUserId,
    eventNumber: lastEvent + place + 1,
    event,
    tag,
    orders: most.get(tag) ?? 0,
  }));
}
