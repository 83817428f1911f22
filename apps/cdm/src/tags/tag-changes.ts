import type { ActiveRule } from './active-rules';

/** What is stored about one user: the tags that they hold, and what rules say. */
export interface Holding {
  userId: string;
  sourceUserId: string;
  /** Number of the last event; 0 where there is none. */
  lastEvent: number;
  tags: string[];
  /** By rule. */
  states: Record<string, { holds: boolean; orders: number }>;
  /** Rules of which time may have changed the answer since they were judged. */
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
 * A user holds a tag while one of its rules in force holds. Of several rules the greatest number of orders is reported.
 * A rule that is pending, or expired, and was not judged just now, decides nothing: its job does that.
 * @param judged rules that were judged just now
 */
export function tagChanges(
  { userId, sourceUserId, lastEvent, tags, states, expired }: Holding,
  rules: ActiveRule[],
  judged: ReadonlySet<string>,
): TagChange[] {
  const most = new Map<string, number>();
  const wanted = new Set<string>();
  const undecided = new Set<string>();
  for (const { id, tag, isPending } of rules) {
    if (!judged.has(id) && (isPending || expired.includes(id))) {
      undecided.add(tag);
    } else {
      const { holds, orders } = states[id] ?? { holds: false, orders: 0 };
      most.set(tag, Math.max(orders, most.get(tag) ?? 0));
      if (holds) {
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
