const WINDOW_MS = 10_000;

/** Messages a second over the last ten seconds or so, from a number that only grows. */
export class MessageRate {
  private readonly samples: { at: number; total: number }[] = [];

  /**
   * @param total messages so far
   * @param at milliseconds of any clock that goes on
   */
  sample(total: number, at: number): number {
    this.samples.push({ at, total });
    while (this.samples.length > 2 && at - this.samples[1]!.at >= WINDOW_MS) {
      this.samples.shift();
    }
    const first = this.samples[0]!;
    return at === first.at ? 0 : (1000 * (total - first.total)) / (at - first.at);
  }
}
