/**
 * The microsecond that a time of the source stands for, as `YYYY-MM-DD HH:MM:SS.ffffff`; undefined where the text is no
 * such time or no day of the calendar.
 */
export function sourceTime(text: string): string | undefined {
  const form = /^(\d\d\d\d-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/;
  const parts = form.exec(text);
  if (!parts) {
    return undefined;
  }
  const [, day = '', clock = '', fraction = ''] = parts;
  const date = new Date(`${day}T${clock}Z`);
  // A Date rolls the 30th of February over, and an hour 24; then it is not the same text any more. PostgreSQL has no
  // year 0.
  const isSame = !Number.isNaN(date.getTime()) && date.toISOString() === `${day}T${clock}.000Z`;
  return isSame && !day.startsWith('0000') ? `${day} ${clock}.${fraction.padEnd(6, '0')}` : undefined;
}

/** The same as PostgreSQL writes it: without needless zeros. */
export function shortTime(time: string): string {
  const [whole, fraction = ''] = time.split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits ? `${whole}.${digits}` : whole!;
}
