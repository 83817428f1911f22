const DAY_SECONDS = 86_400;

/** Made once a zone: that takes a hundred times as long as to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in the zone show at an instant, to the second, in the form of a source time: `2023-08-05 06:28:54`. */
export function localTime(instant: Date, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    // Sweden writes times so.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  return format.format(instant);
}

/**
 * The latest time that clocks in the zone have shown so far: what they show now, or, while they show an hour for the
 * second time, the last second before they were set back. So it never goes back, as long as the clock of the process
 * does not.
 */
export function latestLocalTime(instant: Date, zone: string): string {
  const now = localTime(instant, zone);
  const nowSecond = Math.floor(instant.getTime() / 1_000);
  const offset = (second: number) => utcTime(localTime(new Date(second * 1_000), zone)) / 1_000 - second;
  const nowOffset = offset(nowSecond);
  let [before, after] = [nowSecond - DAY_SECONDS, nowSecond];
  if (offset(before) <= nowOffset) {
    return now;
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    [before, after] = offset(middle) > nowOffset ? [middle, after] : [before, middle];
  }
  const last = localTime(new Date(before * 1_000), zone);
  return last > now ? last : now;
}

/** The same time of day so many days earlier. */
export function daysBefore(local: string, days: number): string {
  const earlier = new Date(utcTime(local));
  earlier.setUTCDate(earlier.getUTCDate() - days);
  return earlier.toISOString().slice(0, 19).replace('T', ' ');
}

/** How many seconds ago a time of the source was; negative where its clock is ahead. */
export function secondsSince(sourceTime: string, now: Date, zone: string): number {
  const milliseconds = now.getTime() % 1_000;
  return (utcTime(localTime(now, zone)) + milliseconds - utcTime(sourceTime)) / 1_000;
}

function utcTime(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}Z`);
}
