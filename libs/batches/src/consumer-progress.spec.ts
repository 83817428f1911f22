import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumerProgress } from './consumer-progress';

const MINUTE = 60_000;
const place = (partition: number) => ({ topic: 'orders', partition, offset: '7' });
const refused = { server: 'postgresql', reason: 'connect ECONNREFUSED' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The consumer of a service that is in its group. */
function joined(): ConsumerProgress {
  const progress = new ConsumerProgress();
  progress.groupJoined('orders', [0, 1]);
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
    progress.groupJoined('orders', [0, 1]);
    expect(progress.notReady()).toEqual([]);
    progress.groupLeft();
    expect(progress.notReady()).toEqual([{ server: 'kafka', reason: 'not in the consumer group' }]);
  });

  it('says what the client of Kafka has complained of while it is not in the group', () => {
    const progress = joined();
    progress.explainBy(() => 'Kafka cannot be used, see KAFKA_SSL: expired');
    progress.groupLeft();
    expect(progress.notReady()[0]?.reason).toBe(
      'Kafka cannot be used, see KAFKA_SSL: expired; not in the consumer group',
    );
    progress.kept('missing topics');
    expect(progress.notReady()[0]?.reason).toBe('missing topics');
  });

  it('fails when the broker is silent for more than ten seconds', () => {
    const progress = joined();
    vi.advanceTimersByTime(10_000);
    expect(progress.notReady()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(progress.notReady()).toEqual([
      { server: 'kafka', reason: 'Kafka cannot be used, see KAFKA_BROKERS: no answer for more than 10 s' },
    ]);
    progress.answered();
    expect(progress.notReady()).toEqual([]);
  });

  it('fails while a batch waits, whatever fetches and other batches do', () => {
    const progress = joined();
    const [one, other] = [progress.begin(place(0)), progress.begin(place(1))];
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
    const [one, other] = [progress.begin(place(0)), progress.begin(place(1))];
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
    const batch = progress.begin(place(0));
    batch.waiting(refused);
    progress.end(batch);
    expect(progress.notReady()).toEqual([]);
  });
});

describe('a partition whose messages do not come', () => {
  const position = { partition: 1, next: 7, lag: 3, held: 0 };
  const leftOut = {
    server: 'kafka',
    reason:
      'Kafka cannot be used, see KAFKA_BROKERS: messages wait in orders/1 from offset 7 on, and do not come',
  };

  /** Looks at the positions every ten seconds, while the brokers are asked every second. */
  function look(progress: ConsumerProgress, positions: (typeof position)[][], brokers = ['1', '2']): void {
    for (const at of positions) {
      progress.at(at);
      everySecond(10_000, () => {
        progress.answered();
        brokers.forEach((broker) => progress.asking(broker));
      });
    }
  }

  it('is an obstacle at the third look, though all brokers answer, and then fails liveness', () => {
    const progress = joined();
    look(progress, [[position], [position]]);
    expect(progress.notReady()).toEqual([]);
    look(progress, [[position]]);
    expect(progress.notReady()).toEqual([leftOut]);
    expect(progress.notAlive()).toBeUndefined();
    look(
      progress,
      Array.from({ length: 10 }, () => [position]),
    );
    expect(progress.notAlive()).toMatch(/^no progress for 1[23]\d s$/);
    look(progress, [[{ ...position, next: 8 }]]);
    expect(progress.notReady()).toEqual([]);
    expect(progress.notAlive()).toBeUndefined();
  });

  it('names what the client of Kafka has complained of', () => {
    const progress = joined();
    progress.explainBy(() => 'Kafka cannot be used, see KAFKA_SSL: expired');
    look(progress, [[position], [position], [position]]);
    expect(progress.notReady()[0]?.reason).toBe(
      'Kafka cannot be used, see KAFKA_SSL: expired; messages wait in orders/1 from offset 7 on, and do not come',
    );
  });

  it.each([
    ['moves', Array.from({ length: 6 }, (_, next) => [{ ...position, next }])],
    ['has no messages', Array.from({ length: 6 }, () => [{ ...position, lag: 0 }])],
    ['is held back by a transaction', Array.from({ length: 6 }, () => [{ ...position, held: 3 }])],
    ['belongs to another replica', Array.from({ length: 6 }, () => [{ ...position, partition: 2 }])],
    ['cannot be asked for', [[position], [], [position], [], [position], []]],
  ])('is none that %s', (_, positions) => {
    const progress = joined();
    look(progress, positions);
    expect(progress.notReady()).toEqual([]);
  });

  it('is none whose batch is in hand, and none whose broker is busy with the batches of others', () => {
    const progress = joined();
    const batch = progress.begin(place(1));
    look(progress, [[position], [position], [position]]);
    batch.step();
    expect(progress.notReady()).toEqual([]);
    progress.end(batch);
    const busy = joined();
    busy.asking('2');
    const other = busy.begin(place(0));
    look(busy, [[position], [position], [position], [position]], ['1']);
    other.step();
    expect(busy.notReady()).toEqual([]);
  });
});

describe('a partition whose messages come late, since the batches of others waited', () => {
  it('is none at the first fetches afterwards', () => {
    const position = { partition: 1, next: 7, lag: 3, held: 0 };
    const progress = joined();
    progress.asking('1');
    const others = progress.begin(place(0));
    for (const at of [position, position, position]) {
      progress.at([at]);
      everySecond(10_000, () => others.step());
    }
    progress.end(others);
    everySecond(5_000, () => {
      progress.answered();
      progress.asking('1');
    });
    expect(progress.notReady()).toEqual([]);
  });
});

describe('a partition whose messages a transaction holds back', () => {
  const position = { partition: 1, next: 7, lag: 3, held: 3 };
  const words =
    'messages wait in orders/1 from offset 7 on: a producer has not ended its transaction, see kafka-transactions.sh find-hanging';

  it('is reported at the second look, and neither readiness nor liveness fails', () => {
    const progress = joined();
    progress.at([position]);
    everySecond(10_000, () => {
      progress.answered();
      progress.asking('1');
      // A producer that commits in time may be seen once.
      expect(progress.heldBack()).toBeUndefined();
    });
    progress.at([position]);
    expect(progress.heldBack()).toBe(words);
    expect([progress.notReady(), progress.notAlive()]).toEqual([[], undefined]);
    progress.at([{ ...position, next: 8 }]);
    expect(progress.heldBack()).toBeUndefined();
  });
});

describe('a partition of which no broker says how far it is', () => {
  it('is an obstacle in the words of the broker, for those that read it', () => {
    const progress = joined();
    progress.at(
      [],
      new Map([
        [1, 'orders/1 has no leader'],
        [9, 'orders/9 has no leader'],
      ]),
    );
    expect(progress.notReady()).toEqual([{ server: 'kafka', reason: 'orders/1 has no leader' }]);
    progress.at([], new Map([[9, 'orders/9 has no leader']]));
    expect(progress.notReady()).toEqual([]);
  });
});

describe('a group that shares out its partitions', () => {
  it('is an obstacle when it does not end', () => {
    const progress = joined();
    progress.rebalancing();
    vi.advanceTimersByTime(9_000);
    expect(progress.notReady()).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(progress.notReady()[0]?.reason).toContain('the consumer group shares out its partitions');
    progress.groupJoined('orders', [0]);
    expect(progress.notReady()).toEqual([]);
  });
});

describe('a batch without a step', () => {
  it('is late after twenty seconds, unless it waits for a server', () => {
    const progress = joined();
    const batch = progress.begin(place(0));
    vi.advanceTimersByTime(21_000);
    expect(progress.lateBatches().map(({ what }) => what)).toEqual([
      'the batch of orders/0 from offset 7 on',
    ]);
    batch.waiting(refused);
    vi.advanceTimersByTime(21_000);
    expect(progress.lateBatches()).toEqual([]);
  });
});

describe('the time for which a server is waited for', () => {
  it('is that of the batch that has waited for it longest, from its first wait to its next step', () => {
    const progress = joined();
    expect(progress.secondsWaitedFor('postgresql')).toBe(0);
    const [one, other] = [progress.begin(place(0)), progress.begin(place(1))];
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
    progress.groupJoined('orders', [0, 1]);
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
    const [one, other] = [progress.begin(place(0)), progress.begin(place(1))];
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
    const [one, other] = [progress.begin(place(0)), progress.begin(place(1))];
    one.failing('provoked');
    other.failing('provoked');
    progress.end(one);
    expect(progress.notAlive()).toBe('provoked');
    other.waiting(refused);
    expect(progress.notAlive()).toBeUndefined();
  });

  it('fails when one batch stands still for more than two minutes, though others go on', () => {
    const progress = joined();
    const stuck = progress.begin(place(0));
    everySecond(2 * MINUTE, () => {
      const other = progress.begin(place(1));
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
    const batch = progress.begin(place(0));
    everySecond(10 * MINUTE, () => {
      batch.step();
      expect(progress.notAlive()).toBeUndefined();
    });
    progress.end(batch);
    expect(progress.notAlive()).toBeUndefined();
  });

  it('holds while a batch waits for a server, and fails when it then hangs', () => {
    const progress = joined();
    const batch = progress.begin(place(0));
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
