import { createHash } from 'node:crypto';

/**
 * A seeded source of random numbers: sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand,
 * https://pracrand.sourceforge.net/), 128 bits of state, not for secrets.
 * The same seed and stream give the same numbers on every machine; different streams of one seed are independent,
 * so a further draw in one place moves nothing elsewhere.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: number, stream: string) {
    const digest = createHash('sha256').update(`${seed}/${stream}`).digest();
    this.a = digest.readInt32LE(0);
    this.b = digest.readInt32LE(4);
    this.c = digest.readInt32LE(8);
    this.counter = digest.readInt32LE(12);
  }

  /** A number from 0, below 1, in steps of 2^-32. */
  next(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let last = copy.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [copy[last], copy[other]] = [copy[other]!, copy[last]!];
    }
    return copy;
  }

  /** `digits` random hexadecimal digits. */
  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.integer(0, 15).toString(16)).join('');
  }
}

/** Draws items of a list, each as often as its weight says. */
export class WeightedChoice<T> {
  private readonly sums: number[] = [];

  constructor(
    readonly items: readonly T[],
    weights: readonly number[],
  ) {
    let sum = 0;
    for (const weight of weights) {
      this.sums.push((sum += weight));
    }
  }

  /** The n-th item of the list with the weight `n ** -exponent` (Zipf's law): few items take most draws. */
  static zipf<T>(items: readonly T[], exponent: number): WeightedChoice<T> {
    return new WeightedChoice(
      items,
      items.map((_, index) => (index + 1) ** -exponent),
    );
  }

  draw(random: Random): T {
    const target = random.next() * this.sums.at(-1)!;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle]! > target) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return this.items[low]!;
  }
}
