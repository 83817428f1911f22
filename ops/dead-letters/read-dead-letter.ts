import type { KafkaMessage } from 'kafkajs';
import { partedHeaders } from '@app/batches/dead-letter';
import { headersOf } from '@app/kafka/kafkajs-fetch';
import type { Header } from '@app/kafka/outgoing-message';

/** Where a message is. */
export interface Place {
  topic: string;
  partition: number;
  offset: string;
}

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
  /** The order that it is about, as far as it can be read. */
  orderId?: string;
  /** What of the message is not here as it came, as `dlq.altered` says. */
  altered: string[];
  /** Key, value and headers of the message that was refused, as far as they are here. */
  original: { key: Buffer | null; value: Buffer | null; headers: Header[] };
}

/** Takes a record of a dead-letter topic apart: the message that was refused, and what the service said of it. */
export function readDeadLetter(topic: string, partition: number, record: KafkaMessage): DeadLetter {
  const { key, value, offset } = record;
  const { original, own } = partedHeaders(headersOf(record));
  const sourceTopic = own['dlq.topic'];
  const altered = own['dlq.altered']?.split(',') ?? [];
  return {
    place: { topic, partition, offset },
    reason: own['dlq.reason'] ?? '',
    message: own['dlq.message'] ?? '',
    refusedAt: own['dlq.timestamp'] ?? '',
    service: own['dlq.service'] ?? '',
    source: sourceTopic
      ? { topic: sourceTopic, partition: Number(own['dlq.partition']), offset: own['dlq.offset'] ?? '' }
      : undefined,
    // Also from what is no JSON; a JSON parser would round ids beyond 2^53.
    orderId: /"object_id"\s*:\s*(\d+)/.exec(value?.toString('latin1') ?? '')?.[1],
    altered,
    original: { key: altered.includes('key') ? null : key, value, headers: original },
  };
}

/** Whether the message can be sent again as it was: a key is altered only where there was none, or where more is. */
export function isWhole({ altered, reason }: DeadLetter): boolean {
  return reason !== 'unreadable_batch' && !altered.includes('value') && !altered.includes('headers');
}

/** As it is written on the command line: TOPIC:PARTITION:OFFSET. */
export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}:${partition}:${offset}`;
}
