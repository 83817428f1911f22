import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ConsumerProgress } from '@app/batches/consumer-progress';
import { WaitLog } from '@app/servers/wait-log';
import { lateness } from './lateness';

/** A consumer that starts, or whose group shares out its partitions, is without messages for some seconds. */
const PATIENCE_SECONDS = 10;

/**
 * Logs, once a minute, why the consumer gets no messages, what holds some back, and which batches make no progress.
 * Those that wait say so themselves.
 */
@Injectable()
export class WatchConsumerJob {
  private readonly logger = new Logger('consumer');
  private readonly log = new WaitLog();
  private readonly lateLog = new WaitLog();
  private readonly heldLog = new WaitLog();

  constructor(private readonly progress: ConsumerProgress) {}

  @Interval(2_000)
  look(): void {
    const reason = this.progress.withoutMessages();
    if (
      reason !== undefined &&
      this.progress.secondsWaitedFor('kafka') > PATIENCE_SECONDS &&
      this.log.isDue(reason)
    ) {
      this.logger.warn(`waiting: ${reason}`);
    }
    const held = this.progress.heldBack();
    if (held !== undefined && this.heldLog.isDue(held)) {
      this.logger.warn(`waiting: ${held}`);
    }
    const late = this.progress.lateBatches().map(({ what }) => lateness(what).reason);
    if (late.length > 0 && this.lateLog.isDue(late[0]!)) {
      this.logger.warn(`waiting: ${late.join('; ')}`);
    }
  }
}
