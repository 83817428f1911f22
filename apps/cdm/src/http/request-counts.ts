import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';

/** So many callers are known at a time. */
const MOST_CALLERS = 10_000;

type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts the requests of a caller by a monotonic clock: the storage that comes with `@nestjs/throttler` goes by the
 * clock of the wall, and refuses a caller for an hour where that is set back by one. Requests that are refused do not
 * count.
 */
export class RequestCounts implements ThrottlerStorage {
  /** By caller, when each of the requests of the last time was made: milliseconds, as of `performance.now()`. */
  private readonly requests = new LRUCache<string, number[]>({ max: MOST_CALLERS });

  /** @param ttl how long a request counts, in milliseconds */
  increment(key: string, ttl: number, limit: number): Promise<Count> {
    const now = performance.now();
    const requests = (this.requests.get(key) ?? []).filter((at) => at > now - ttl);
    const isBlocked = requests.length >= limit;
    const [oldest = now] = requests;
    const seconds = Math.ceil((oldest + ttl - now) / 1_000);
    const totalHits = requests.length + 1;
    this.requests.set(key, isBlocked ? requests : [...requests, now]);
    return Promise.resolve({
      totalHits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    });
  }
}
