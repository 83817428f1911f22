import { Logger } from '@nestjs/common';
import { WaitLog } from '@app/kafka/wait.log';
import { reasonOf } from '@app/warehouse/reason-of';
import { jobRetriesTotal } from './service.metrics';

/**
 * Work of a background job, done in steps. Steps never overlap; a step that fails is tried again at the next tick, since what it
 * needs may be down.
 */
export class RepeatedJob {
  private readonly logger: Logger;
  private readonly log = new WaitLog();
  private running?: Promise<void>;
  private stopping = false;

  /** @param step does a bounded piece of the work; true when there may be more */
  constructor(
    private readonly name: string,
    private readonly step: () => Promise<boolean>,
  ) {
    this.logger = new Logger(name);
    jobRetriesTotal.inc({ job_name: name }, 0);
  }

  /** Runs steps until there is no more to do, unless they are running already. */
  async tick(): Promise<void> {
    if (!this.running && !this.stopping) {
      this.running = this.runSteps().finally(() => (this.running = undefined));
      await this.running;
    }
  }

  /** Lets the step in hand finish; no other is begun. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async runSteps(): Promise<void> {
    try {
      while (!this.stopping && (await this.step()));
    } catch (error) {
      jobRetriesTotal.inc({ job_name: this.name });
      const reason = reasonOf(error);
      if (!this.stopping && this.log.isDue(reason)) {
        this.logger.warn(`tries again: ${reason}`);
      }
    }
  }
}
