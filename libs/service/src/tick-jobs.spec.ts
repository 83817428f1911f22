import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { jobs, repeat } from './repeated.job';
import { TickJobs } from './tick-jobs';

afterEach(() => jobs.clear());

it('begins all jobs that are due in one turn, also while the step of another hangs', async () => {
  const begun: string[] = [];
  const job = (name: string, everySeconds: number, ends = Promise.resolve(false)) =>
    repeat(name, () => (begun.push(name), ends), { everySeconds });
  job('hangs', 1, new Promise(() => undefined));
  job('each second', 1);
  job('each third', 3);
  const all = new TickJobs();
  const inOneTurn: string[][] = [];
  for (let second = 1; second <= 6; second += 1) {
    void all.tick();
    inOneTurn.push(begun.splice(0));
    await nextTurn();
  }
  expect(begun).toEqual([]);
  expect(inOneTurn).toEqual([
    ['hangs', 'each second'],
    ['each second'],
    ['each second', 'each third'],
    ['each second'],
    ['each second'],
    ['each second', 'each third'],
  ]);
});

it('begins no step once it stops, and waits for those in hand, but not of a job that nobody waits for', async () => {
  const begun: string[] = [];
  let end = () => undefined as void;
  const inHand = new Promise<boolean>((resolve) => (end = () => resolve(true)));
  repeat('awaited', () => (begun.push('awaited'), inHand));
  repeat('not awaited', () => (begun.push('not awaited'), new Promise(() => undefined)), {
    isAwaited: false,
  });
  const all = new TickJobs();
  void all.tick();
  let hasStopped = false;
  const stopped = all.onModuleDestroy().then(() => (hasStopped = true));
  await nextTurn();
  expect(hasStopped).toBe(false);
  end();
  await stopped;
  await Promise.race([all.tick(), nextTurn()]);
  expect(begun).toEqual(['awaited', 'not awaited']);
});
