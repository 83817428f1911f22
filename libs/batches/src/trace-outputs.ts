import type { MessagePublisher } from '@app/kafka/message-publisher';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { messageBytes } from '@app/kafka/record-batch';
import { orderIdOf } from '@app/contracts/order-id-of';
import { traces } from '@app/tracing/tracing';
import type { Batch } from '@app/tracing/traces';
import type { KafkaRecord } from './outcome';

/** A batch as its traces show it. */
export function tracedBatch(
  messages: readonly KafkaRecord[],
  operation: 'process' | 'release',
  readAt?: number,
): Batch<KafkaRecord> {
  return { messages, operation, readAt, describe };
}

function describe({ topic, partition, offset, value }: KafkaRecord) {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    'messaging.kafka.offset': Number(offset),
    'order_vault.object_id': orderIdOf(value),
  };
}

/**
 * Outputs go on with the trace of the record that they were made of, where that is sampled. What the topic has no room
 * for beside the order is left out: it must make no difference to what becomes of the order.
 */
export async function traceOutputs(
  publisher: MessagePublisher,
  topic: string,
  outputs: ReadonlyMap<OutgoingMessage, KafkaRecord>,
): Promise<void> {
  if (!traces?.isSampling) {
    return;
  }
  const traced = new Map<OutgoingMessage, [name: Buffer, value: Buffer][]>();
  for (const [output, record] of outputs) {
    const added = traces.headersOf(record);
    if (added.length > 0) {
      traced.set(output, added);
    }
  }
  if (traced.size === 0) {
    return;
  }
  // Where the broker does not answer, the publisher is about to find that out, and to wait for it.
  const room = await publisher
    .byRoom(
      topic,
      (bytes) => bytes,
      () => false,
    )
    .catch(() => 0);
  for (const [output, added] of traced) {
    const headers = [...(output.headers ?? []), ...added];
    if (messageBytes({ ...output, headers }) <= room) {
      output.headers = headers;
    }
  }
}
