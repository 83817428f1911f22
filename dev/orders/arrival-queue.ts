import type { SourceTime } from './source-time';

interface Arrival<T> {
  at: SourceTime;
  /** Counts what was put in: of two that arrive at the same moment, the one put in first comes first. */
  number: number;
  item: T;
}

/**
 * What is still to arrive, the next first: a binary heap, so that a long history costs no more per message than a short
 * one.
 */
export class ArrivalQueue<T> {
  private readonly heap: Arrival<T>[] = [];
  private added = 0;

  add(at: SourceTime, item: T): void {
    const arrival = { at, number: this.added++, item };
    let index = this.heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(this.heap[parent]!, arrival)) {
        break;
      }
      this.heap[index] = this.heap[parent]!;
      index = parent;
    }
    this.heap[index] = arrival;
  }

  /** Takes out what arrives next, if it arrives by the given moment. */
  takeUntil(moment: SourceTime): T | undefined {
    const [next] = this.heap;
    if (!next || next.at > moment) {
      return undefined;
    }
    const last = this.heap.pop()!;
    if (this.heap.length > 0) {
      this.sinkFromTop(last);
    }
    return next.item;
  }

  private sinkFromTop(arrival: Arrival<T>): void {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = this.heap[child + 1];
      if (right && isBefore(right, this.heap[child]!)) {
        child++;
      }
      const earlier = this.heap[child];
      if (!earlier || isBefore(arrival, earlier)) {
        break;
      }
      this.heap[index] = earlier;
      index = child;
    }
    this.heap[index] = arrival;
  }
}

function isBefore<T>(a: Arrival<T>, b: Arrival<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}
