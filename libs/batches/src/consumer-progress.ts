import { Injectable } from '@nestjs/common';
import type { Obstacle, Server } from '@app/servers/server-of';

/** Without a step of a batch, or without asking for messages when there is none, for so long the consumer is stuck. */
const STUCK_MS = 120_000;
/** A broker that is there answers a fetch every second and a heartbeat every two. */
const SILENT_MS = 10_000;
/** A batch has a step every second or so; one that has none for so long is late. */
const LATE_MS = 20_000;
/** A partition whose messages do not come though they are asked for so often is left out, and not only late. */
const FETCHES = 3;
/** Positions are looked at every ten seconds: at three looks in a row the partition stood where it was. */
const STANDING_MS = 15_000;
/** At two looks in a row a transaction held back the same messages. */
const HELD_MS = 5_000;

/** Why it is not in the group, while nothing more is known. */
const OUT = 'not in the consumer group';

/** Milliseconds of a clock that only goes forward, whatever is done to the time of day. */
const now = () => performance.now();

/**
 * Where the group is in a partition: the offset that it reads next, how many messages it has not finished, and how many
 * of them nobody can read before a transaction ends.
 */
export interface Position {
  partition: number;
  next: number;
  lag: number;
  held: number;
}

/** Work without a step: which, in words, and since when, by the clock of this process. */
export interface LateWork {
  what: string;
  since: number;
}

/**
 * What the consumer was last seen doing: the batch server and the job that watches the lag write it, health routes and
 * metrics read it.
 */
@Injectable()
export class ConsumerProgress {
  private readonly batches = new Set<BatchProgress>();
  /** Since when it is not in the group, while it is not. */
  private outSince?: number = now();
  /** Why it is not in the group. */
  private obstacle = OUT;
  private rebalancingSince?: number;
  private lastAnswer = 0;
  private lastSign = now();
  /** How often each broker was asked for messages, and when last. */
  private readonly fetches = new Map<string, { count: number; at: number }>();
  private topic = '';
  /** Of the topic, those that the group has given to this process. */
  private partitions: number[] = [];
  /** By partition, where messages wait and the group does not go on. */
  private standing = new Map<number, Standing>();
  /** By partition, where all messages that wait are held back by a transaction. */
  private held = new Map<number, Held>();
  /** By partition, where no broker says how far it is: why, and since when. */
  private unknown = new Map<number, { reason: string; since: number }>();
  /** What Kafka's client has last complained of, while it may still be the reason. */
  private complaint: () => string | undefined = () => undefined;
  /**
   * The message that was finished last: when it was sent, in milliseconds since 1970, and how many after that it was
   * finished.
   */
  lastMessage?: { sentAt: number; delay: number };

  /** @param complaint what the client of Kafka has complained of last, in words that name the variables to look at */
  explainBy(complaint: () => string | undefined): void {
    this.complaint = complaint;
  }

  /** The broker answered a fetch or a heartbeat. */
  answered(): void {
    this.lastAnswer = now();
  }

  /** Asks a broker for messages: once a second or so while it has none, also when it is down. */
  asking(broker?: string): void {
    this.lastSign = now();
    if (broker !== undefined) {
      this.fetches.set(broker, { count: (this.fetches.get(broker)?.count ?? 0) + 1, at: now() });
    }
  }

  /** @param partitions of the topic that this process reads from now on */
  groupJoined(topic: string, partitions: number[]): void {
    this.topic = topic;
    this.partitions = partitions;
    this.at([]);
    this.outSince = undefined;
    this.rebalancingSince = undefined;
    this.answered();
    this.asking();
  }

  groupLeft(): void {
    this.outSince ??= now();
    this.obstacle = OUT;
  }

  /** The group shares out its partitions; nothing is read before that has ended. */
  rebalancing(): void {
    this.rebalancingSince ??= now();
  }

  /** Something keeps it out of the group. */
  kept(reason: string): void {
    this.obstacle = reason;
  }

  /** A batch is in hand. What it reports holds for itself alone, whatever the batches of other partitions do. */
  begin({ topic, partition, offset }: { topic: string; partition: number; offset: string }): BatchProgress {
    return this.follow(`the batch of ${topic}/${partition} from offset ${offset} on`, partition);
  }

  /** Something is in hand that batches wait for, or a batch. */
  follow(what: string, partition?: number): BatchProgress {
    const batch = new BatchProgress(what, partition);
    this.batches.add(batch);
    return batch;
  }

  /** The batch is done, or abandoned. */
  end(batch: BatchProgress): void {
    this.batches.delete(batch);
    // A broker is not asked again before its batches are done.
    this.asking();
  }

  /** A message is finished, and all before it in its partition: its offset has moved. */
  finished(sentAt: number): void {
    // oxlint-disable-next-line no-restricted-properties -- the sender had no other clock
    this.lastMessage = { sentAt, delay: Math.max(0, Date.now() - sentAt) };
  }

  /**
   * @param positions in all partitions of the topic; none while nobody knows them
   * @param unknown the partitions of which nobody knows it, though of others somebody does, with the reason
   */
  at(positions: Position[], unknown: ReadonlyMap<number, string> = new Map()): void {
    const own = positions.filter(({ partition }) => this.partitions.includes(partition));
    this.unknown = new Map(
      Array.from(unknown, ([partition, reason]): [number, { reason: string; since: number }] => [
        partition,
        { reason, since: this.unknown.get(partition)?.since ?? now() },
      ]).filter(([partition]) => this.partitions.includes(partition)),
    );
    this.held = new Map(
      own
        .filter(({ lag, held }) => held > 0 && held === lag)
        .map(({ partition, next }): [number, Held] => {
          const before = this.held.get(partition);
          return [partition, { next, since: before?.next === next ? before.since : now(), seen: now() }];
        }),
    );
    this.standing = new Map(
      own
        .filter(({ lag, held }) => lag > held)
        .map(({ partition, next }): [number, Standing] => {
          const before = this.standing.get(partition);
          return [
            partition,
            before?.next === next
              ? { ...before, seen: now(), asked: new Map(this.fetches) }
              : { next, since: now(), seen: now(), askedBefore: new Map(this.fetches), asked: new Map() },
          ];
        }),
    );
  }

  /** What keeps messages from being taken now: of the consumer itself, and of each batch that waits. */
  notReady(): Obstacle[] {
    return this.waits().map(({ server, reason }) => ({ server, reason }));
  }

  /** Why no messages come to the consumer, if so; batches that wait are not the reason, and log their own. */
  withoutMessages(): string | undefined {
    return this.ownWait()?.reason;
  }

  /**
   * Where messages wait for nothing but the end of a transaction, in words; no server is away, and a new start would
   * not help.
   */
  heldBack(): string | undefined {
    const partition = Array.from(this.held).find(([, { since, seen }]) => seen - since > HELD_MS);
    return (
      partition &&
      `messages wait in ${this.topic}/${partition[0]} from offset ${partition[1].next} on: ` +
        `a producer has not ended its transaction, see kafka-transactions.sh find-hanging`
    );
  }

  /** Batches in hand that have had no step for long, though they do not wait for a server. */
  lateBatches(): LateWork[] {
    return Array.from(this.batches).flatMap(({ what, wait, defect, lastStep }) =>
      wait === undefined && defect === undefined && now() - lastStep > LATE_MS
        ? [{ what, since: lastStep }]
        : [],
    );
  }

  /**
   * For how many seconds the server has been waited for without a break, by whatever has waited longest; 0 when nothing
   * waits.
   */
  secondsWaitedFor(server: Server): number {
    const since = this.waits().flatMap((wait) => (wait.server === server ? [wait.since] : []));
    return since.length === 0 ? 0 : (now() - Math.min(...since)) / 1000;
  }

  /** Why only a new start of the process may help, if so. */
  notAlive(): string | undefined {
    const defect = Array.from(this.batches, (batch) => batch.defect).find((reason) => reason !== undefined);
    if (defect !== undefined || this.outSince !== undefined) {
      return defect;
    }
    const signs = [
      ...(this.batches.size > 0 ? Array.from(this.batches, ({ lastStep }) => lastStep) : [this.lastSign]),
      ...this.leftOut().map(({ since }) => since),
    ];
    const silence = now() - Math.min(...signs);
    return silence > STUCK_MS ? `no progress for ${Math.round(silence / 1000)} s` : undefined;
  }

  private waits(): Wait[] {
    const ofBatches = Array.from(this.batches, ({ wait }) => wait ?? []).flat();
    return [this.ownWait() ?? [], ofBatches].flat();
  }

  /** All that keeps the consumer itself from reading is Kafka. */
  private ownWait(): Wait | undefined {
    if (this.outSince !== undefined) {
      const complaint = this.obstacle === OUT ? this.complaint() : undefined;
      const reason = complaint ? `${complaint}; ${OUT}` : this.obstacle;
      return { server: 'kafka', reason, since: this.outSince };
    }
    const { rebalancingSince = Infinity, lastAnswer } = this;
    if (now() - rebalancingSince > SILENT_MS) {
      return this.explained(
        'the consumer group shares out its partitions, and does not end',
        rebalancingSince,
      );
    }
    if (now() - lastAnswer > SILENT_MS) {
      return this.explained(`no answer for more than ${SILENT_MS / 1000} s`, lastAnswer);
    }
    const [unknown] = this.unknown.values();
    if (unknown) {
      return { server: 'kafka', ...unknown };
    }
    const [leftOut] = this.leftOut();
    return (
      leftOut &&
      this.explained(
        `messages wait in ${this.topic}/${leftOut.partition} from offset ${leftOut.next} on, and do not come`,
        leftOut.since,
      )
    );
  }

  private explained(what: string, since: number): Wait {
    const complaint = this.complaint();
    const start = 'Kafka cannot be used, see ';
    const reason = complaint?.startsWith(start)
      ? `${complaint}; ${what}`
      : `${start}KAFKA_BROKERS: ${what}${complaint ? `; ${complaint}` : ''}`;
    return { server: 'kafka', reason, since };
  }

  /**
   * Partitions whose messages do not come, though every broker is asked again and again, and that have no batch in
   * hand.
   */
  private leftOut(): (Standing & { partition: number })[] {
    const inHand = new Set(Array.from(this.batches, ({ partition }) => partition));
    const isAskedInVain = ({ askedBefore, asked }: Standing) =>
      Array.from(this.fetches).every(
        ([broker, { at }]) =>
          (asked.get(broker)?.count ?? 0) - (askedBefore.get(broker)?.count ?? 0) >= FETCHES ||
          // One that is gone from the cluster. One that has work in hand is asked when that is done.
          (this.batches.size === 0 && now() - at > LATE_MS),
      );
    return Array.from(this.standing, ([partition, standing]) => ({ partition, ...standing })).filter(
      ({ partition, ...standing }) =>
        !inHand.has(partition) && standing.seen - standing.since > STANDING_MS && isAskedInVain(standing),
    );
  }
}

/**
 * A partition at which messages wait: from which offset on, since when, when that was last seen, and how often brokers
 * had been asked at both times. What they are asked later may be on its way.
 */
interface Standing {
  next: number;
  since: number;
  seen: number;
  askedBefore: ReadonlyMap<string, { count: number }>;
  asked: ReadonlyMap<string, { count: number }>;
}

/** Messages that a transaction holds back: from which offset on, since when, and when that was last seen. */
interface Held {
  next: number;
  since: number;
  seen: number;
}

/** An obstacle, and since when it is in the way: milliseconds of the clock of this process. */
interface Wait extends Obstacle {
  since: number;
}

/** What one batch was last seen doing. */
export class BatchProgress {
  /** To wait for a server is no standstill. */
  lastStep = now();
  /** What it waits for, if it does. */
  wait?: Wait;
  /** The error of our own code that keeps it from going on, if so. */
  defect?: string;

  constructor(
    readonly what: string,
    readonly partition?: number,
  ) {}

  /** A step of the batch is finished. */
  step(): void {
    this.lastStep = now();
    this.wait = undefined;
    this.defect = undefined;
  }

  /** A server is down; the batch waits. */
  waiting(obstacle: Obstacle): void {
    const since = this.wait?.server === obstacle.server ? this.wait.since : now();
    this.step();
    this.wait = { ...obstacle, since };
  }

  /** An error of our own code keeps the batch from going on. */
  failing(reason: string): void {
    this.wait = undefined;
    this.defect = reason;
  }
}
