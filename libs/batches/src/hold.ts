import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { EachBatchPayload } from 'kafkajs';
import { reasonOf } from '@app/servers/reason-of';
import type { Judgement, Verdict } from '@app/servers/verdict';
import { WaitLog } from '@app/servers/wait-log';
import { traces } from '@app/tracing/tracing';
import { batchRepeatsTotal } from './batch-metrics';
import type { BatchProgress } from './consumer-progress';
import { DatabaseRefusesAll } from './database-refuses-all';
import { placeOf } from './dead-letter';
import type { KafkaRecord } from './outcome';

export const HEARTBEAT_MS = 2_000;
/** So long a server that is down is left alone before it is asked again. */
export const WAIT_MS = 1_000;

/**
 * The group lost this batch, reading goes back behind it, or the process stops. It is read again, here or by another
 * replica.
 */
export class Abandoned extends Error {}

/** What the coordinator says to a member that is not, or not any more, in the group as it is now. */
const OUT_OF_GROUP = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

export function isOutOfGroup(error: unknown): boolean {
  return OUT_OF_GROUP.includes((error as { type?: string }).type ?? '');
}

/**
 * The claim on a partition while its batch is in hand: heartbeats on a timer, and what they said; what is reported of
 * the batch.
 */
export class Hold {
  /** What a heartbeat was answered when the group had taken the partition away. */
  lost?: unknown;
  private readonly logger = new Logger(Hold.name);
  private readonly log = new WaitLog();
  private readonly timer: NodeJS.Timeout;
  private isLeftBehind = false;

  constructor(
    readonly payload: EachBatchPayload,
    readonly progress: BatchProgress,
  ) {
    this.timer = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => {
        // A coordinator that is away takes nothing from us; the next one says whether we are still in the group.
        if (isOutOfGroup(error)) {
          this.lost = error;
        }
      });
    }, HEARTBEAT_MS);
  }

  get partition(): number {
    return this.payload.batch.partition;
  }

  /** Reading goes back behind this batch. */
  leaveBehind(): void {
    this.isLeftBehind = true;
  }

  /**
   * kafkajs forgets that reading goes back when it asks the leader of the partition again. Where that is another broker
   * by now, it does so while this batch is in hand.
   * @throws Abandoned when reading goes back behind this batch
   */
  checkPlace(): void {
    if (this.isLeftBehind || this.payload.isStale()) {
      throw new Abandoned();
    }
  }

  /** @throws Abandoned when the group has taken the partition away, reading goes back, or the process stops */
  check(): void {
    this.checkPlace();
    if (this.lost !== undefined || !this.payload.isRunning()) {
      throw new Abandoned();
    }
  }

  /**
   * The batch stays where it is for a second. It goes on by itself when a server was down, and after a new start where
   * our own code failed.
   * @throws Abandoned as {@link check}
   */
  async wait(error: unknown, judgement: Judgement): Promise<void> {
    const { verdict, reason } = judgement;
    batchRepeatsTotal.inc({ verdict });
    traces?.note('waiting', { verdict, reason });
    if (verdict === 'wait') {
      this.progress.waiting(judgement);
    } else {
      this.progress.failing(reason);
    }
    if (this.log.isDue(reason)) {
      const { batch } = this.payload;
      const place = { topic: batch.topic, partition: batch.partition, offset: batch.firstOffset() };
      if (verdict === 'wait') {
        const level = error instanceof DatabaseRefusesAll ? 'error' : 'warn';
        this.logger[level]({ msg: `waiting: ${reason}`, ...place });
      } else {
        const msg = `the batch cannot go on: ${(error as Error).name}: ${reason}`;
        this.logger.error({ msg, err: error, ...place });
      }
    }
    await pause(WAIT_MS);
    this.check();
  }

  /** The same reason is logged once a minute: a batch of nothing but bad messages is halved a thousand times. */
  reportRepeat(error: unknown, records: KafkaRecord[], verdict: Verdict): void {
    batchRepeatsTotal.inc({ verdict });
    const reason = reasonOf(error);
    traces?.note('batch repeated', { verdict, reason, messages: records.length });
    if (this.log.isDue(reason)) {
      const messages = records.length;
      const { object_id, ...place } = placeOf(records[0]!);
      this.logger.log({
        msg: 'batch repeated',
        reason,
        ...place,
        ...(messages === 1 ? { object_id } : { messages }),
      });
    }
  }

  end(): void {
    clearInterval(this.timer);
  }
}
