import { Injectable } from '@nestjs/common';
import type { Obstacle, Server } from '@app/servers/server-of';

/** Without a step of a batch, or without asking for messages when there is none, for so long the consumer is stuck. */
const STUCK_MS = 120_000;
/** A broker that is there answers a fetch every second and a heartbeat every two. */
const SILENT_MS = 10_000;

/** Milliseconds of a clock that only goes forward, whatever is done to the time of day. */
const now = () => performance.now();

/** What the consumer was last seen doing: the batch server writes it, the health routes and metrics read it. */
@Injectable()
export class ConsumerProgress {
  private readonly batches = new Set<BatchProgress>();
  /** Since when it is not in the group, while it is not. */
  private outSince?: number = now();
  /** Why it is not in the group. */
  private obstacle = 'not in the consumer group';
  private lastAnswer = 0;
  private lastSign = now();
  /** The message that was finished last: when it was sent, in milliseconds since 1970, and how many after that it was finished. */
  lastMessage?: { sentAt: number; delay: number };

  /** The broker answered a fetch or a heartbeat. */
  answered(): void {
    this.lastAnswer = now();
  }

  /** Asks a broker for messages: once a second or so while it has none, also when it is down. */
  asking(): void {
    this.lastSign = now();
  }

  groupJoined(): void {
    this.outSince = undefined;
    this.answered();
    this.asking();
  }

  groupLeft(): void {
    this.outSince ??= now();
    this.obstacle = 'not in the consumer group';
  }

  /** Something keeps it out of the group. */
  kept(reason: string): void {
    this.obstacle = reason;
  }

  /** A batch is in hand. What it reports holds for itself alone, whatever the batches of other partitions do. */
  begin(): BatchProgress {
    const batch = new BatchProgress();
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

  /** What keeps messages from being taken now: of the consumer itself, and of each batch that waits. */
  notReady(): Obstacle[] {
    return this.waits().map(({ server, reason }) => ({ server, reason }));
  }

  /** For how many seconds the server has been waited for without a break, by whatever has waited longest; 0 when nothing waits. */
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
    const signs =
      this.batches.size > 0 ? Array.from(this.batches, ({ lastStep }) => lastStep) : [this.lastSign];
    const silence = now() - Math.min(...signs);
    return silence > STUCK_MS ? `no progress for ${Math.round(silence / 1000)} s` : undefined;
  }

  private waits(): Wait[] {
    const ofBatches = Array.from(this.batches, ({ wait }) => wait ?? []).flat();
    if (this.outSince !== undefined) {
      return [{ server: 'kafka', reason: this.obstacle, since: this.outSince }, ...ofBatches];
    }
    const silence = now() - this.lastAnswer;
    if (silence > SILENT_MS) {
      const reason = `no answer from Kafka for ${Math.round(silence / 1000)} s, see KAFKA_BROKERS`;
      return [{ server: 'kafka', reason, since: this.lastAnswer }, ...ofBatches];
    }
    return ofBatches;
  }
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
