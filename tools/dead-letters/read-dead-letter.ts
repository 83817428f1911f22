import type { IHeaders, KafkaMessage, Message } from 'kafkajs';

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
  /** The order that it tells of, as far as it can be read. */
  objectId?: string;
  /** Key, value and headers of the message that was refused. */
  original: Message;
}

/** Takes a record of a dead-letter topic apart: the message that was refused, and what the service said of it. */
export function readDeadLetter(topic: string, partition: number, record: KafkaMessage): DeadLetter {
  const { key, value, offset, headers = {} } = record;
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('dlq.'));
  const sourceTopic = textOf(headers, 'dlq.topic');
  return {
    place: { topic, partition, offset },
    reason: textOf(headers, 'dlq.reason'),
    message: textOf(headers, 'dlq.message'),
    refusedAt: textOf(headers, 'dlq.timestamp'),
    service: textOf(headers, 'dlq.service'),
    source: sourceTopic
      ? {
          topic: sourceTopic,
          partition: Number(textOf(headers, 'dlq.partition')),
          offset: textOf(headers, 'dlq.offset'),
        }
      : undefined,
    // Also from what is no JSON; a JSON parser would round ids beyond 2^53.
    objectId: /"object_id"\s*:\s*(\d+)/.exec(value?.toString('latin1') ?? '')?.[1],
    original: { key, value, headers: Object.fromEntries(own) },
  };
}

/** As it is written on the command line: TOPIC:PARTITION:OFFSET. */
export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}:${partition}:${offset}`;
}

function textOf(headers: IHeaders, name: string): string {
  const values = headers[name];
  return String((Array.isArray(values) ? values[0] : values) ?? '');
}
