import type { HistogramBar } from './tag-rule.contract';

const MOST_BARS = 40;
/** What is beyond this share of the guests is in the last bar. */
const OUTLIERS = 0.995;

/** How many guests have a number. */
export interface NumberOfGuests {
  number: number;
  users: number;
}

/**
 * Guests by their number, in bars of equal width, a round one. The last bar has what is far beyond too.
 * @param counts in ascending order of the numbers
 * @param isMoney whether numbers lie between the whole ones
 */
export function histogramBars(counts: NumberOfGuests[], isMoney: boolean): HistogramBar[] {
  if (counts.length === 0) {
    return [];
  }
  const [least, greatest] = [counts[0]!.number, counts.at(-1)!.number];
  const width = roundWidth((quantile(counts, OUTLIERS) - least) / (MOST_BARS - 2), isMoney);
  const start = Math.floor(least / width) * width;
  const last = Math.min(MOST_BARS - 1, Math.floor((greatest - start) / width));
  const bars = Array.from({ length: last + 1 }, (_, place) => ({
    from: rounded(start + place * width),
    to: rounded(start + (place + 1) * width - (isMoney ? 0 : 1)),
    users: 0,
  }));
  for (const { number, users } of counts) {
    bars[Math.min(last, Math.floor((number - start) / width))]!.users += users;
  }
  bars.at(-1)!.to = Math.max(bars.at(-1)!.to, greatest);
  return bars;
}

function quantile(counts: NumberOfGuests[], share: number): number {
  let left = counts.reduce((sum, { users }) => sum + users, 0) * share;
  return (counts.find(({ users }) => (left -= users) <= 0) ?? counts.at(-1)!).number;
}

/** 1, 2, 5, 10, 20, 50 and so on. */
function roundWidth(least: number, isMoney: boolean): number {
  if (least <= (isMoney ? 0 : 1)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const width = [1, 2, 5, 10].map((step) => rounded(step * power)).find((step) => step >= least)!;
  return isMoney ? width : Math.max(1, Math.ceil(width));
}

function rounded(number: number): number {
  return Number(number.toFixed(5));
}
