import type { Bar } from './answers';

/** A bar for each step: all are equally wide, whatever they cover. */
export class HistogramScale {
  /** Where each bar begins, and where the last one ends. */
  private readonly edges: number[];

  /**
   * @param bars at least one
   * @param isWhole whether a bar includes its `to`, as those of whole numbers do
   */
  constructor(
    bars: Bar[],
    private readonly isWhole: boolean,
  ) {
    this.edges = [...bars.map(({ from }) => from), bars[bars.length - 1]!.to + (isWhole ? 1 : 0)];
  }

  get least(): number {
    return this.edges[0]!;
  }

  get most(): number {
    return this.edges[this.edges.length - 1]! - (this.isWhole ? 1 : 0);
  }

  /** Where a number begins: 0 at the left edge, 1 at the right one. */
  begin(value: number): number {
    const bars = this.edges.length - 1;
    const bar = this.edges.findLastIndex((edge) => edge <= value);
    if (bar === -1) {
      return 0;
    }
    if (bar >= bars) {
      return 1;
    }
    const [from, to] = [this.edges[bar]!, this.edges[bar + 1]!];
    return (bar + (value - from) / (to - from)) / bars;
  }

  /** Where a number ends. */
  end(value: number): number {
    return this.begin(value + (this.isWhole ? 1 : 0));
  }

  /** The number that begins nearest to a position. */
  at(position: number): number {
    const bars = this.edges.length - 1;
    const place = Math.min(Math.max(position, 0), 1) * bars;
    const bar = Math.min(Math.floor(place), bars - 1);
    const [from, to] = [this.edges[bar]!, this.edges[bar + 1]!];
    const value = Math.round(from + (place - bar) * (to - from));
    return Math.min(Math.max(value, this.least), this.most);
  }
}
