import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Consumer } from 'kafkajs';
import type { GroupOffset } from '@app/kafka/group-offsets';
import type { Judge } from '@app/servers/verdict';
import { WaitLog } from '@app/servers/wait-log';
import { rewindsTotal } from './batch-metrics';
import type { BatchProgress, ConsumerProgress } from './consumer-progress';
import { WAIT_MS, type Hold } from './hold';
import { isMarked, type Place, type Positions, type Rewind } from './positions';

export interface ComparisonOptions {
  /** The topic that is read. */
  sourceTopic: string;
  positions: Positions;
  progress: ConsumerProgress;
  judge: Judge;
}

/**
 * Compares what the database holds with what the group has committed, whenever the group is joined or the database may
 * have lost some of it, until both answer; batches wait for it. Where the database holds less, reading goes back.
 */
export class PositionComparison {
  private readonly logger = new Logger(PositionComparison.name);
  /** The batches in hand. */
  private readonly holds = new Set<Hold>();
  private consumer?: Consumer;
  /** Partitions that the group has given to this process. */
  private assigned: number[] = [];
  private newest: Promise<void> = Promise.resolve();
  private comparisons = 0;
  /** Whether they were compared since the group was joined. */
  private isCompared = false;

  constructor(
    private readonly options: ComparisonOptions,
    private readonly groupOffsets: () => Promise<GroupOffset[]>,
  ) {
    options.positions.onDoubt(() => this.compare());
  }

  /** The group has been joined. */
  joined(consumer: Consumer, partitions: number[]): void {
    this.consumer = consumer;
    this.assigned = partitions;
    this.isCompared = false;
    this.compare();
  }

  /** The process stops. */
  stop(): void {
    this.consumer = undefined;
  }

  /** A batch is in hand, until {@link end}. */
  follow(hold: Hold): void {
    this.holds.add(hold);
  }

  end(hold: Hold): void {
    this.holds.delete(hold);
  }

  /** @throws Abandoned when the group has taken the partition away, reading goes back, or the process stops */
  async untilCompared(hold: Hold): Promise<void> {
    for (let isDone = false; !isDone;) {
      const { newest } = this;
      isDone = await Promise.race([newest.then(() => true), pause(WAIT_MS, false)]);
      isDone &&= newest === this.newest;
      hold.progress.step();
      hold.check();
    }
  }

  /**
   * To be awaited before each try to store messages.
   * @throws Abandoned as {@link untilCompared}
   */
  async begin(first: Place, hold: Hold): Promise<void> {
    await this.untilCompared(hold);
    this.options.positions.begin(first);
  }

  private compare(): void {
    this.comparisons += 1;
    const number = this.comparisons;
    const progress = this.options.progress.follow('the comparison of positions');
    const isNewest = () => number === this.comparisons && this.consumer !== undefined;
    this.newest = this.untilAnswered(progress, isNewest).finally(() => this.options.progress.end(progress));
  }

  private async untilAnswered(progress: BatchProgress, isNewest: () => boolean): Promise<void> {
    const log = new WaitLog();
    while (isNewest()) {
      try {
        return await this.goBackWhereBehind(isNewest);
      } catch (error) {
        const judgement = this.options.judge(error);
        const { reason } = judgement;
        if (judgement.verdict === 'wait') {
          progress.waiting(judgement);
        } else if (judgement.verdict === 'defect') {
          progress.failing(reason);
        }
        if (log.isDue(reason)) {
          const what = judgement.verdict === 'wait' ? 'waiting' : 'positions are not compared yet';
          this.logger.warn(`${what}: ${reason}`);
        }
        await pause(WAIT_MS);
      }
    }
  }

  private async goBackWhereBehind(isNewest: () => boolean): Promise<void> {
    const { sourceTopic: topic, positions } = this.options;
    const partitions = [...this.assigned];
    if (partitions.length === 0) {
      return;
    }
    const offsets = (await this.groupOffsets()).filter(({ partition }) => partitions.includes(partition));
    const rewinds = await positions.compare(topic, offsets, this.isCompared);
    if (!isNewest()) {
      return;
    }
    const lows = new Map(offsets.map(({ partition, low }) => [partition, low]));
    for (const rewind of rewinds) {
      this.goBack(rewind, lows.get(rewind.partition)!);
    }
    this.isCompared = true;
    // From now on the offsets are ours, so that what is lost later is missed. Below 0 is none: -1, and -2 after an
    // offset out of range.
    const taken = offsets.filter(({ offset, metadata }) => BigInt(offset) >= 0n && !isMarked(metadata));
    if (taken.length > 0) {
      await this.consumer!.commitOffsets(
        taken.map(({ partition, offset }) => ({ topic, ...positions.mark({ topic, partition, offset }) })),
      );
    }
  }

  private goBack({ partition, from, to }: Rewind, low: string): void {
    const { sourceTopic: topic, positions } = this.options;
    positions.goBack(topic, partition, to);
    for (const hold of this.holds) {
      if (hold.partition === partition) {
        hold.leaveBehind();
      }
    }
    const expired = BigInt(low) - BigInt(to);
    this.logger.error({
      msg: 'the database holds less than was stored in it: reading goes back',
      topic,
      partition,
      from,
      to,
      ...(expired > 0n && to !== '0' ? { lost: String(expired) } : {}),
    });
    rewindsTotal.inc();
    this.consumer!.seek({ topic, partition, offset: expired > 0n ? low : to });
  }
}
