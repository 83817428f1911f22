import { partedHeaders } from '@app/batches/dead-letter';
import type { Header } from '@app/kafka/outgoing-message';
import type { FetchedRecord } from '@app/kafka/read-records';
import type { Place } from './message-place';

/** A dead letter as its topic has it. Texts are empty where a header is missing. */
export interface DeadLetter {
  place: Place;
  reason: string;
  /** Why, for people. May name a person. */
  message: string;
  /** ISO 8601 in UTC. */
  refusedAt: string;
  service: string;
  /** Where the message was refused; undefined: it is no dead letter at all. */
  source?: Place;
  /** The order that the message is about, as far as that can be read. */
  orderId?: string;
  /** Path of the field that breaks a rule, where the message was refused for one. */
  field?: string;
  /** What of the message is not here as it came, as `dlq.altered` says. */
  altered: string[];
  /** Key, value and headers of the message that was refused, as far as they are here. */
  original: { key: Buffer | null; value: Buffer | null; headers: readonly Header[] };
}

/** Takes a record of a dead-letter topic apart: the message that was refused, and what the service said of it. */
export function readDeadLetter(topic: string, partition: number, record: FetchedRecord): DeadLetter {
  const { key, value, offset } = record;
  const { original, own } = partedHeaders(record.headers);
  const { 'dlq.topic': sourceTopic, 'dlq.reason': reason = '', 'dlq.message': message = '' } = own;
  const altered = own['dlq.altered']?.split(',') ?? [];
  return {
    place: { topic, partition, offset },
    reason,
    message,
    refusedAt: own['dlq.timestamp'] ?? '',
    service: own['dlq.service'] ?? '',
    source: sourceTopic
      ? { topic: sourceTopic, partition: Number(own['dlq.partition']), offset: own['dlq.offset'] ?? '' }
      : undefined,
    // Also from what is no JSON; a JSON parser would round ids beyond 2^53.
    orderId: /"object_id"\s*:\s*(\d+)/.exec(value?.toString('latin1') ?? '')?.[1],
    field: reason === 'invalid_message' ? fieldOf(message) : undefined,
    altered,
    original: { key: altered.includes('key') ? null : key, value, headers: original },
  };
}

/** `validate.ts` of the contracts begins its sentence with the path, as `payload.order_items[0].price`. */
function fieldOf(message: string): string | undefined {
  return /^(\w+(?:\[\d+\]|\.\w+)*) /.exec(message)?.[1];
}

/** Whether the message can be sent again as it was: a key is altered only where there was none, or where more is. */
export function isWhole({ altered, reason }: DeadLetter): boolean {
  return reason !== 'unreadable_batch' && !altered.includes('value') && !altered.includes('headers');
}
