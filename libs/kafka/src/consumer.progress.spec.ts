import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumerProgress } from './consumer.progress';

const MINUTE = 60_000;
const refused = { server: 'postgresql', reason: 'connect ECONNREFUSED' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The consumer of a service that is in its group. */
function joined(): ConsumerProgress {
  const progress = new ConsumerProgress();
  progress.groupJoined();
  return progress;
}

/** Lets time pass in which something happens every second. */
function everySecond(milliseconds: number, happens: () => void): void {
  for (let passed = 0; passed < milliseconds; passed += 1_000) {
    vi.advanceTimersByTime(1_000);
    happens();
  }
}

describe('readiness', () => {
  it('fails until the consumer is in the group, and when it has left', () => {
    const progress = new ConsumerProgress();
    expect(progress.notReady()).toEqual([{ server: 'kafka', reason: 'not in the consumer group' }]);
    progress.groupJoined();
    expect(progress.notReady()).toEqual([]);
    progress.groupLeft();
    expect(progress.notReady()).toEqual([{ server: 'kafka', reason: 'not in the consumer group' }]);
  });

  it('fails when the broker is silent for more than ten seconds', () => {
    const progress = joined();
    vi.advanceTimersByTime(10_000);
    expect(progress.notReady()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(progress.notReady()).toEqual([
      { server: 'kafka', reason: 'no answer from Kafka for 11 s, see KAFKA_BROKERS' },
    ]);
    progress.answered();
    expect(progress.notReady()).toEqual([]);
  });

  it('fails while a batch waits, whatever fetches and other batches do', () => {
    const progress = joined();
    const [one, other] = [progress.begin(), progress.begin()];
    one.waiting(refused);
    progress.asking();
    progress.answered();
    other.step();
    progress.end(other);
    expect(progress.notReady()).toEqual([refused]);
    one.step();
    expect(progress.notReady()).toEqual([]);
  });

  it('names the server of each batch that waits, until the last has stopped to wait', () => {
    const progress = joined();
    const [one, other] = [progress.begin(), progress.begin()];
    const away = { server: 'redis', reason: 'LOADING' } as const;
    one.waiting(refused);
    other.waiting(away);
    expect(progress.notReady()).toEqual([refused, away]);
    one.step();
    expect(progress.notReady()).toEqual([away]);
    other.step();
    expect(progress.notReady()).toEqual([]);
  });

  it('forgets what a batch waited for that was abandoned', () => {
    const progress = joined();
    const batch = progress.begin();
    batch.waiting(refused);
    progress.end(batch);
    expect(progress.notReady()).toEqual([]);
  });
});

describe('the time for which a server is waited for', () => {
  it('is that of the batch that has waited for it longest, from its first wait to its next step', () => {
    const progress = joined();
    expect(progress.secondsWaitedFor('postgresql')).toBe(0);
    const [one, other] = [progress.begin(), progress.begin()];
    everySecond(5_000, () => {
      one.waiting(refused);
      progress.answered();
    });
    other.waiting(refused);
    expect(progress.secondsWaitedFor('postgresql')).toBe(4);
    expect(progress.secondsWaitedFor('kafka')).toBe(0);
    one.step();
    vi.advanceTimersByTime(2_000);
    expect(progress.secondsWaitedFor('postgresql')).toBe(2);
    other.step();
    expect(progress.secondsWaitedFor('postgresql')).toBe(0);
  });

  it('begins with the start of the process, or when the consumer has left the group, until it has joined', () => {
    const progress = new ConsumerProgress();
    vi.advanceTimersByTime(3_000);
    expect(progress.secondsWaitedFor('kafka')).toBe(3);
    progress.groupJoined();
    expect(progress.secondsWaitedFor('kafka')).toBe(0);
    progress.groupLeft();
    vi.advanceTimersByTime(2_000);
    progress.groupLeft();
    expect(progress.secondsWaitedFor('kafka')).toBe(2);
  });
});

describe('liveness', () => {
  it('fails at a defect of one batch, whatever fetches and other batches do', () => {
    const progress = joined();
    const [one, other] = [progress.begin(), progress.begin()];
    one.failing('provoked');
    progress.asking();
    other.step();
    progress.end(other);
    expect(progress.notAlive()).toBe('provoked');
    one.step();
    expect(progress.notAlive()).toBeUndefined();
  });

  it('forgets the defect of a batch that was abandoned, or that waits for a server by now', () => {
    const progress = joined();
    const [one, other] = [progress.begin(), progress.begin()];
    one.failing('provoked');
    other.failing('provoked');
    progress.end(one);
    expect(progress.notAlive()).toBe('provoked');
    other.waiting(refused);
    expect(progress.notAlive()).toBeUndefined();
  });

  it('fails when one batch stands still for more than two minutes, though others go on', () => {
    const progress = joined();
    const stuck = progress.begin();
    everySecond(2 * MINUTE, () => {
      const other = progress.begin();
      other.step();
      progress.end(other);
      progress.asking();
      expect(progress.notAlive()).toBeUndefined();
    });
    vi.advanceTimersByTime(1_000);
    expect(progress.notAlive()).toBe('no progress for 121 s');
    stuck.step();
    expect(progress.notAlive()).toBeUndefined();
  });

  it('holds while a batch is long at work in steps, and when it is done', () => {
    const progress = joined();
    const batch = progress.begin();
    everySecond(10 * MINUTE, () => {
      batch.step();
      expect(progress.notAlive()).toBeUndefined();
    });
    progress.end(batch);
    expect(progress.notAlive()).toBeUndefined();
  });

  it('holds while a batch waits for a server, and fails when it then hangs', () => {
    const progress = joined();
    const batch = progress.begin();
    everySecond(10 * MINUTE, () => {
      batch.waiting(refused);
      expect(progress.notAlive()).toBeUndefined();
    });
    vi.advanceTimersByTime(2 * MINUTE + 1_000);
    expect(progress.notAlive()).toBe('no progress for 121 s');
  });

  it('holds while there are no messages, and while the broker that is asked for them is down', () => {
    const progress = joined();
    everySecond(10 * MINUTE, () => {
      progress.asking();
      expect(progress.notAlive()).toBeUndefined();
    });
  });

  it('fails when the consumer no longer asks for messages, while it is in the group', () => {
    const progress = joined();
    vi.advanceTimersByTime(2 * MINUTE + 1_000);
    expect(progress.notAlive()).toBe('no progress for 121 s');
    progress.groupLeft();
    expect(progress.notAlive()).toBeUndefined();
  });
});
