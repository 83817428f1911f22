import type { HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';

/** The clock of the wall has been set where it differs by more milliseconds; it ticks in whole ones. */
const TOLERANCE_MS = 10;

/** When spans begin and end: by the clock of the wall, as in other services, but as exact as `performance.now()`. */
export class SpanClock {
  private offset = offset();

  /** To be called now and then. A span that is under way when the clock was set has that in its time. */
  adjust(): void {
    const now = offset();
    if (Math.abs(now - this.offset) > TOLERANCE_MS) {
      this.offset = now;
    }
  }

  /** @param at as of `performance.now()` */
  time(at = performance.now()): HrTime {
    return millisToHrTime(this.offset + at);
  }
}

function offset(): number {
  // oxlint-disable-next-line no-restricted-properties
  return Date.now() - performance.now();
}
