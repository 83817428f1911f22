import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ArrivalQueue } from './arrival-queue';

describe('ArrivalQueue', () => {
  it('gives what arrives by a moment, the earliest first, and of equals the one that was put in first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 })),
        fc.integer({ min: 0, max: 20 }),
        (moments, until) => {
          const queue = new ArrivalQueue<{ at: number; index: number }>();
          moments.forEach((at, index) => queue.add(at, { at, index }));
          const sorted = moments.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);

          const early = takeAll(queue, until);
          expect(early).toEqual(sorted.filter(({ at }) => at <= until));
          expect([...early, ...takeAll(queue, Infinity)]).toEqual(sorted);
        },
      ),
    );
  });
});

function takeAll<T>(queue: ArrivalQueue<T>, until: number): T[] {
  const taken = [];
  for (let item = queue.takeUntil(until); item; item = queue.takeUntil(until)) {
    taken.push(item);
  }
  return taken;
}
