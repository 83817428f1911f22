import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { ConsumerProgress } from '@app/batches/consumer-progress';
import type { Server } from '@app/servers/server-of';
import { DEPENDENCIES, type Dependency } from './health.controller';
import { lateness } from './lateness';
import { jobs } from './repeated.job';

/**
 * For how long the consumer, its batches and the jobs have waited for each server that the service uses, and each job
 * has failed or hung.
 */
@Injectable()
export class WaitingMetrics {
  readonly seconds: Gauge;
  readonly jobSeconds: Gauge;

  constructor(progress: ConsumerProgress, @Inject(DEPENDENCIES) dependencies: Dependency[]) {
    const servers: Server[] = ['kafka', ...dependencies.map(({ name }) => name)];
    this.seconds = new Gauge({
      name: 'order_vault_waiting_seconds',
      help: 'Seconds for which the consumer, a batch or a job has waited for a server, by server; 0 when nothing waits',
      labelNames: ['server'],
      collect() {
        for (const server of servers) {
          const ofJobs = Array.from(jobs).filter((job) => job.notReady()?.server === server);
          const late = progress.lateBatches().filter(({ what }) => lateness(what).server === server);
          const seconds = [
            progress.secondsWaitedFor(server),
            ...late.map(({ since }) => (performance.now() - since) / 1000),
            ...ofJobs.map((job) => job.secondsHindered()),
          ];
          this.set({ server }, Math.max(...seconds));
        }
      },
    });
    this.jobSeconds = new Gauge({
      name: 'order_vault_job_failing_seconds',
      help: 'Seconds for which a background job has failed or hung, by job; 0 when its last step went well',
      labelNames: ['job_name'],
      collect() {
        jobs.forEach((job) => this.set({ job_name: job.name }, job.secondsHindered()));
      },
    });
  }
}
