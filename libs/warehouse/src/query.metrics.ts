import { Histogram } from 'prom-client';

export const querySeconds = new Histogram({
  name: 'order_vault_query_duration_seconds',
  help: 'Time from a statement sent to PostgreSQL to its answer',
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
});
