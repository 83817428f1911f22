import { deadLetterReasons } from '@app/contracts/dead-letter.contract';
import { Counter, Gauge, Histogram } from 'prom-client';

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

export const batchMessages = new Histogram({
  name: 'order_vault_batch_messages',
  help: 'Messages of a batch',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
});

export const batchSeconds = new Histogram({
  name: 'order_vault_batch_duration_seconds',
  help: 'Time of a batch by stage: handle, publish, commit',
  labelNames: ['stage'],
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
});

export const batchRepeatsTotal = new Counter({
  name: 'order_vault_batch_repeats_total',
  help: 'Batches that were done again, by verdict on the error: repeat, forget, condemn, defect or wait',
  labelNames: ['verdict'],
});

export const rebalancesTotal = new Counter({
  name: 'order_vault_rebalances_total',
  help: 'Rebalances of the consumer group that this process took part in',
});

export const rewindsTotal = new Counter({
  name: 'order_vault_rewinds_total',
  help: 'Partitions that are read again since the database held less than was stored in it',
});

const partitionLabels = ['messaging_destination_name', 'messaging_destination_partition_id'];

export const consumerLag = new Gauge({
  name: 'order_vault_consumer_lag_messages',
  help: 'Messages that the consumer group has not finished, also those held back by an open transaction; every replica reports all partitions, none while Kafka does not answer',
  labelNames: partitionLabels,
});

export const consumerOffset = new Gauge({
  name: 'order_vault_consumer_offset',
  help: 'Offset that the consumer group reads next; every replica reports all partitions, none while Kafka does not answer',
  labelNames: partitionLabels,
});

// Prometheus sees an increase only of what was there before.
for (const outcome of ['processed', 'skipped', 'parked', 'refused']) {
  messagesTotal.inc({ outcome }, 0);
}
for (const reason of deadLetterReasons) {
  deadLettersTotal.inc({ reason }, 0);
}
for (const verdict of ['repeat', 'forget', 'condemn', 'defect', 'wait']) {
  batchRepeatsTotal.inc({ verdict }, 0);
}
