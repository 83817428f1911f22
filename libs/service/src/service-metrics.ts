import { Counter, Histogram } from 'prom-client';

export const freshnessSeconds = new Histogram({
  name: 'order_vault_freshness_seconds',
  help: 'From the time at which the source sent an order version until it is stored, of the newest version of each batch; in cdm it is in the marts then',
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400],
});

export const jobRetriesTotal = new Counter({
  name: 'order_vault_job_retries_total',
  help: 'Steps of background jobs that failed and are tried again, by job',
  labelNames: ['job_name'],
});
