import { Injectable } from '@nestjs/common';

/** Without a fetch or a step in a batch for so long, and with no server to wait for, the consumer is stuck. */
const STUCK_MS = 120_000;
/** A broker that is there answers a fetch every second and a heartbeat every two. */
const SILENT_MS = 10_000;

/** What the consumer was last seen doing: the batch server writes it, the health routes read it. */
@Injectable()
export class ConsumerProgress {
  private joined = false;
  private waitingFor?: string;
  private defect?: string;
  private lastStep = Date.now();
  private lastAnswer = 0;

  /** The broker answered a fetch or a heartbeat. */
  answered(): void {
    this.lastAnswer = Date.now();
  }

  /** Asked the broker for messages, or finished a step of a batch. */
  step(): void {
    this.lastStep = Date.now();
    this.waitingFor = undefined;
    this.defect = undefined;
  }

  groupJoined(): void {
    this.joined = true;
    this.answered();
    this.step();
  }

  groupLeft(): void {
    this.joined = false;
  }

  /** A server is down; the batch waits. */
  waiting(reason: string): void {
    this.lastStep = Date.now();
    this.waitingFor = reason;
  }

  /** An error of our own code keeps the batch from going on. */
  failing(reason: string): void {
    this.defect = reason;
  }

  /** Why the consumer cannot take messages now, if so. */
  notReady(): string | undefined {
    if (!this.joined) {
      return 'not in the consumer group';
    }
    const silence = Date.now() - this.lastAnswer;
    return silence > SILENT_MS ? `no answer from Kafka for ${Math.round(silence / 1000)} s` : this.waitingFor;
  }

  /** Why only a new start of the process may help, if so. */
  notAlive(): string | undefined {
    if (this.defect) {
      return this.defect;
    }
    const seconds = Math.round((Date.now() - this.lastStep) / 1000);
    return seconds * 1000 > STUCK_MS && this.joined ? `no progress for ${seconds} s` : undefined;
  }
}
