import type { Step } from './dashboard.contract';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A Monday. Times are microseconds since 1970, as if the source showed UTC. */
const MONDAY = 4 * DAY;

/** When the step begins in which a time is, as `date_trunc` has it. */
export function stepBegin(time: number, step: Step): number {
  switch (step) {
    case 'hour':
      return Math.floor(time / HOUR) * HOUR;
    case 'day':
      return Math.floor(time / DAY) * DAY;
    case 'week':
      return Math.floor((time - MONDAY) / WEEK) * WEEK + MONDAY;
    case 'month':
      return monthBegin(time, 0);
  }
}

/** When the next step begins. @param begin of a step */
export function nextStep(begin: number, step: Step): number {
  return step === 'month' ? monthBegin(begin, 1) : begin + { hour: HOUR, day: DAY, week: WEEK }[step];
}

function monthBegin(time: number, later: number): number {
  const date = new Date(Math.floor(time / 1_000));
  const begin = new Date(0);
  begin.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
  return begin.getTime() * 1_000;
}
