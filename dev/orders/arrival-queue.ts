import TinyQueue from 'tinyqueue';
import type { SourceTime } from './source-time';

interface Arrival<T> {
  at: SourceTime;
  /** Counts what was put in: of two that arrive at the same moment, the one put in first comes first. */
  number: number;
  item: T;
}

/** What is still to arrive, the next first; a long history costs no more per message than a short one. */
export class ArrivalQueue<T> {
  private readonly queue = new TinyQueue<Arrival<T>>([], (a, b) => a.at - b.at || a.number - b.number);
  private added = 0;

  add(at: SourceTime, item: T): void {
    this.queue.push({ at, number: this.added++, item });
  }

  /** Takes out what arrives next, if it arrives by the given moment. */
  takeUntil(moment: SourceTime): T | undefined {
    const next = this.queue.peek();
    return next && next.at <= moment ? this.queue.pop()!.item : undefined;
  }
}
