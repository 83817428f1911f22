import type { Step, View } from './address';

/** Days as the API takes them: the first that counts, and the first that no longer does. */
export interface Range {
  from?: string;
  to?: string;
}

const DAY_MS = 86_400_000;
/** As many days are still legible one by one. */
const DAYS_AS_DAYS = 120;
const DAYS_AS_WEEKS = 730;

/**
 * The days of a view. Periods end with the day of the newest order, so that a history of last year shows, too; an order
 * that says it is of a later day than tomorrow moves nothing. In the past they end with the day of the moment at the
 * latest.
 * @param newestOrder as `2023-08-05 06:28:54`; without orders, periods end today
 * @param now of this machine, in milliseconds
 */
export function rangeOf(
  { period, from, to, knownAt, trueAt }: View,
  newestOrder: string | null,
  now: number,
): Range {
  if (period === 'all') {
    return {};
  }
  if (period === 'own') {
    const [first, last] = from && to && from > to ? [to, from] : [from, to];
    return { from: first, to: last && addDays(last, 1) };
  }
  const latest = addDays(new Date(now).toISOString().slice(0, 10), 1);
  const newest = newestOrder?.slice(0, 10) ?? addDays(latest, -1);
  const moments = [knownAt, trueAt].filter((moment) => moment !== undefined);
  const [last] = [newest, latest, ...moments.map((moment) => moment.slice(0, 10))].sort();
  const end = addDays(last!, 1);
  return { from: addDays(end, -Number(period)), to: end };
}

/** The step of a timeline that is neither too coarse nor too fine for these days. */
export function stepOf({ from, to }: Range): Step {
  if (!from || !to) {
    return 'day';
  }
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 2) {
    return 'hour';
  }
  return days <= DAYS_AS_DAYS ? 'day' : days <= DAYS_AS_WEEKS ? 'week' : 'month';
}

/**
 * The begin of the step after the one that begins at a time.
 * @param start as `2023-08-05 06:00:00`
 */
export function endOfStep(start: string, step: Step): string {
  const end = new Date(`${start.replace(' ', 'T')}Z`);
  switch (step) {
    case 'hour':
      end.setUTCHours(end.getUTCHours() + 1);
      break;
    case 'day':
      end.setUTCDate(end.getUTCDate() + 1);
      break;
    case 'week':
      end.setUTCDate(end.getUTCDate() + 7);
      break;
    case 'month':
      end.setUTCMonth(end.getUTCMonth() + 1);
  }
  return end.toISOString().slice(0, 19).replace('T', ' ');
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
