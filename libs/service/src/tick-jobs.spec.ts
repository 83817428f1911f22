import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { jobs, RepeatedJob } from './repeated.job';
import { TickJobs } from './tick-jobs';

afterEach(() => jobs.clear());

it('begins all jobs that are due in one turn, also while the step of another hangs', async () => {
  const begun: string[] = [];
  const job = (name: string, everySeconds: number, ends = Promise.resolve(false)) =>
    new RepeatedJob(name, () => (begun.push(name), ends), everySeconds);
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
