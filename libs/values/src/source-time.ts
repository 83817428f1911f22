const clocks = /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/.source;
const days = /(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31/
  .source;
/** A canonical time on a day that is in every year, as nearly all times are: it needs no second look. */
const commonTime = new RegExp(`^(?!0000)\\d{4}-(?:${days}) ${clocks}(?:\\.\\d{0,5}[1-9])?$`);
const sourceTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

/**
 * A time of the source, without a zone, as PostgreSQL writes a `timestamp`: `2023-08-05 06:28:54` or `2023-08-05
 * 06:28:54.5`. Undefined where the text is no time of the form `YYYY-MM-DD[ T]HH:MM:SS[.ffffff]`, or no day of the
 * calendar.
 */
export function canonicalTime(text: unknown): string | undefined {
  if (typeof text !== 'string') {
    return undefined;
  }
  if (commonTime.test(text)) {
    return text;
  }
  const parts = sourceTime.exec(text);
  if (!parts) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction = ''] = parts as unknown as string[];
  if (
    year === '0000' ||
    Number(day) < 1 ||
    Number(day) > daysOfMonth(Number(year), Number(month)) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  ) {
    return undefined;
  }
  const digits = fraction.replace(/0+$/, '');
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${digits && `.${digits}`}`;
}

/** A canonical time with six fraction digits: texts sort as the times do. */
export function sortableTime(canonical: string): string {
  const [whole = '', fraction = ''] = canonical.split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) {
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : month >= 1 && month <= 12 ? 31 : 0;
}
