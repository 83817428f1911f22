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
