/**
 * Times of the source carry no zone. Here they are milliseconds, counted as if the zone were UTC, so that
 * arithmetic is plain and no daylight saving time gets in the way.
 */
export type SourceTime = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const dayTexts = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/**
 * `YYYY-MM-DD HH:MM:SS`; a part of a second is cut off. An order has seven times, so this is most of the work of
 * making it: the text of a day is made once.
 */
export function formatSourceTime(time: SourceTime): string {
  const day = Math.floor(time / DAY);
  let dayText = dayTexts.get(day);
  if (dayText === undefined) {
    dayTexts.set(day, (dayText = new Date(time).toISOString().slice(0, 10)));
  }
  const second = Math.floor((time - day * DAY) / SECOND);
  const hour = twoDigits[Math.floor(second / 3600)];
  const minute = twoDigits[Math.floor(second / 60) % 60];
  return `${dayText} ${hour}:${minute}:${twoDigits[second % 60]}`;
}

/** Reads `YYYY-MM-DD HH:MM:SS`; undefined for any other text and for a day or an hour that does not exist. */
export function parseSourceTime(text: string): SourceTime | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return !Number.isNaN(time) && formatSourceTime(time) === text ? time : undefined;
}
