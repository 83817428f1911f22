import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noteOrigin } from '@app/servers/server-of';
import { RepeatedJob } from './repeated.job';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let made = 0;
/** Each job counts its retries under a name of its own. */
const job = (step: (progress: () => void) => Promise<boolean>) => new RepeatedJob(`job ${(made += 1)}`, step);
const never = () => new Promise<boolean>(() => undefined);
const refused = () => Promise.reject(noteOrigin('kafka', new Error('no leader')));

/** Ticks once a second. */
async function goOn(one: RepeatedJob, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    void one.tick();
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

describe('RepeatedJob', () => {
  it('is well while its steps end', async () => {
    const one = job(() => Promise.resolve(false));
    await goOn(one, 300);
    expect([one.notReady(), one.notAlive(), one.secondsHindered()]).toEqual([undefined, undefined, 0]);
  });

  it('shows after twenty seconds that its step hangs, and after two minutes that a new start is needed', async () => {
    const one = job(never);
    await goOn(one, 19);
    expect([one.notReady(), one.secondsHindered()]).toEqual([undefined, 0]);
    await goOn(one, 3);
    expect(one.notReady()).toEqual({ reason: `the job ${one.name} makes no progress` });
    expect(one.secondsHindered()).toBe(22);
    expect(one.notAlive()).toBeUndefined();
    await goOn(one, 100);
    expect(one.notAlive()).toBe(`${one.name}: no progress for 122 s`);
  });

  it('is well while a long step shows progress', async () => {
    const one = job(async (progress) => {
      for (let piece = 0; piece < 30; piece += 1) {
        await new Promise((resolve) => setTimeout(resolve, 15_000));
        progress();
      }
      return false;
    });
    await goOn(one, 400);
    expect([one.notReady(), one.notAlive()]).toEqual([undefined, undefined]);
  });

  it('names the server that its steps fail for, until one goes well, and lives', async () => {
    let isDown = true;
    const one = job(() => (isDown ? refused() : Promise.resolve(false)));
    await goOn(one, 9);
    expect(one.notReady()).toBeUndefined();
    await goOn(one, 300);
    expect(one.notReady()).toMatchObject({ server: 'kafka', reason: 'no leader' });
    expect(one.notAlive()).toBeUndefined();
    expect(one.secondsHindered()).toBeGreaterThan(300);
    isDown = false;
    await goOn(one, 2);
    expect([one.notReady(), one.secondsHindered()]).toEqual([undefined, 0]);
  });

  it('does not live with a defect that stays', async () => {
    const one = job(() => Promise.reject(new TypeError('x is not a function')));
    await goOn(one, 12);
    expect(one.notAlive()).toBe(`${one.name}: x is not a function`);
  });
});
