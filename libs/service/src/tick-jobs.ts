import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { jobs } from './repeated.job';

/**
 * Ticks the jobs of this process until it stops. All that are due begin in one turn of the event loop, so that what
 * they poll goes into one transaction; a timer for each would be a turn for each.
 */
@Injectable()
export class TickJobs implements OnModuleDestroy {
  private seconds = 0;

  @Interval(1_000)
  async tick(): Promise<void> {
    this.seconds += 1;
    const due = Array.from(jobs).filter(({ everySeconds }) => this.seconds % everySeconds === 0);
    await Promise.all(due.map((job) => job.tick()));
  }

  /** What the steps use is closed later, when the application has shut down. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(Array.from(jobs, (job) => job.stop()));
  }
}
