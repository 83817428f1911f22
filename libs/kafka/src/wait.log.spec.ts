import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WaitLog } from './wait.log';

describe('WaitLog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('logs a reason that stays once a minute', () => {
    const log = new WaitLog();
    const logged = Array.from({ length: 181 }, (_, second) => {
      vi.setSystemTime(second * 1_000);
      return log.isDue('connect ECONNREFUSED') ? [second] : [];
    });
    expect(logged.flat()).toEqual([0, 60, 120, 180]);
  });

  it('logs another reason at once, also one that comes back', () => {
    const log = new WaitLog();
    const reasons = ['refused', 'refused', 'starting up', 'starting up', 'refused'];
    expect(reasons.map((reason) => log.isDue(reason))).toEqual([true, false, true, false, true]);
  });
});
