import { Counter, Histogram } from 'prom-client';

export const messagesTotal = new Counter({
  name: 'order_vault_messages_total',
  help: 'Messages by outcome: processed, skipped, parked or refused. A message counts again when it is read again.',
  labelNames: ['outcome'],
});

export const deadLettersTotal = new Counter({
  name: 'order_vault_dead_letters_total',
  help: 'Dead letters by reason',
  labelNames: ['reason'],
});

export const batchSeconds = new Histogram({
  name: 'order_vault_batch_duration_seconds',
  help: 'Time of a batch by stage: handle, publish, commit',
  labelNames: ['stage'],
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
});

export const rebalancesTotal = new Counter({
  name: 'order_vault_rebalances_total',
  help: 'Rebalances of the consumer group that this process took part in',
});
