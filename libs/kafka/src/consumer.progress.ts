import { Injectable } from '@nestjs/common';

/** Without a step of a batch, or without asking for messages when there is none, for so long the consumer is stuck. */
const STUCK_MS = 120_000;
/** A broker that is there answers a fetch every second and a heartbeat every two. */
const SILENT_MS = 10_000;

/** What the consumer was last seen doing: the batch server writes it, the health routes read it. */
@Injectable()
export class ConsumerProgress {
  private readonly batches = new Set<BatchProgress>();
  private joined = false;
  /** Why it is not in the group. */
  private obstacle = 'not in the consumer group';
  private lastAnswer = 0;
  private lastSign = Date.now();
  /** The message that was finished last: when it was sent, in milliseconds since 1970, and how many after that it was finished. */
  lastMessage?: { sentAt: number; delay: number };

  /** The broker answered a fetch or a heartbeat. */
  answered(): void {
    this.lastAnswer = Date.now();
  }

  /** Asks a broker for messages: once a second or so while it has none, also when it is down. */
  asking(): void {
    this.lastSign = Date.now();
  }

  groupJoined(): void {
    this.joined = true;
    this.answered();
    this.asking();
  }

  groupLeft(): void {
    this.joined = false;
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
    this.lastMessage = { sentAt, delay: Math.max(0, Date.now() - sentAt) };
  }

  /** Why the consumer cannot take messages now, if so. */
  notReady(): string | undefined {
    if (!this.joined) {
      return this.obstacle;
    }
    const silence = Date.now() - this.lastAnswer;
    return silence > SILENT_MS
      ? `no answer from Kafka for ${Math.round(silence / 1000)} s`
      : this.firstOf((batch) => batch.waitingFor);
  }

  /** Why only a new start of the process may help, if so. */
  notAlive(): string | undefined {
    const defect = this.firstOf((batch) => batch.defect);
    if (defect !== undefined || !this.joined) {
      return defect;
    }
    const signs =
      this.batches.size > 0 ? Array.from(this.batches, ({ lastStep }) => lastStep) : [this.lastSign];
    const silence = Date.now() - Math.min(...signs);
    return silence > STUCK_MS ? `no progress for ${Math.round(silence / 1000)} s` : undefined;
  }

  private firstOf(reasonOf: (batch: BatchProgress) => string | undefined): string | undefined {
    return Array.from(this.batches, reasonOf).find((reason) => reason !== undefined);
  }
}

/** What one batch was last seen doing. */
export class BatchProgress {
  /** Milliseconds since 1970. To wait for a server is no standstill. */
  lastStep = Date.now();
  /** Why it waits for a server, if it does. */
  waitingFor?: string;
  /** The error of our own code that keeps it from going on, if so. */
  defect?: string;

  /** A step of the batch is finished. */
  step(): void {
    this.lastStep = Date.now();
    this.waitingFor = undefined;
    this.defect = undefined;
  }

  /** A server is down; the batch waits. */
  waiting(reason: string): void {
    this.step();
    this.waitingFor = reason;
  }

  /** An error of our own code keeps the batch from going on. */
  failing(reason: string): void {
    this.waitingFor = undefined;
    this.defect = reason;
  }
}
