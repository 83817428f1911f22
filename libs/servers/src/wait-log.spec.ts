import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WaitLog } from './wait-log';

/** At which of so many seconds it logs a reason that stays. */
function secondsLogged(log: WaitLog, seconds: number): number[] {
  return Array.from({ length: seconds }, (_, second) => {
    const logged = log.isDue('connect ECONNREFUSED') ? [second] : [];
    vi.advanceTimersByTime(1_000);
    return logged;
  }).flat();
}

describe('WaitLog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('logs a reason that stays once a minute', () => {
    const log = new WaitLog();
    expect(secondsLogged(log, 181)).toEqual([0, 60, 120, 180]);
  });

  it.each([-3_600, 3_600])('goes by no clock of the wall, which is set by %i seconds here', (step) => {
    const log = new WaitLog();
    expect(secondsLogged(log, 61)).toEqual([0, 60]);
    vi.setSystemTime(Date.now() + step * 1_000);
    expect(secondsLogged(log, 121)).toEqual([59, 119]);
  });

  it('logs another reason at once, also one that comes back', () => {
    const log = new WaitLog();
    const reasons = ['refused', 'refused', 'starting up', 'starting up', 'refused'];
    expect(reasons.map((reason) => log.isDue(reason))).toEqual([true, false, true, false, true]);
  });
});
