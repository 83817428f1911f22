/*
 * Loaded into a service before its own code (`--import`): sets the clock of the wall, as NTP, a moved virtual machine
 * or a hand does, by as many milliseconds as the file says that the environment variable WALL_CLOCK names. The
 * monotonic clock and timers go on as they do.
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 50;

const RealDate = Date;
let ahead = 0;

setInterval(() => (ahead = Number(readFileSync(process.env.WALL_CLOCK, 'utf8'))), LOOK_MS).unref();

globalThis.Date = class Date extends RealDate {
  constructor(...values) {
    super(...(values.length === 0 ? [Date.now()] : values));
  }

  static now() {
    return RealDate.now() + ahead;
  }
};
