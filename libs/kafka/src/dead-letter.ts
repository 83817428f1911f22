import type { DeadLetterHeaders, DeadLetterReason } from '@app/contracts/dead-letter.contract';
import type { Logger } from '@nestjs/common';
import type { Message } from 'kafkajs';
import { deadLettersTotal } from './batch.metrics';
import { objectIdOf } from './object-id-of';
import type { KafkaRecord, Refused } from './outcome';

/** The headers must fit into the 64 KiB that a dead-letter topic takes beyond the source's own limit. */
const LONGEST_MESSAGE = 1_000;

/** The message as it came, key, value, headers and timestamp untouched, with the headers that say why it was refused. */
export function deadLetter(record: KafkaRecord, refused: Refused, service: string): Message {
  const reasons: DeadLetterHeaders = {
    'dlq.reason': refused.reason,
    'dlq.message': refused.message.slice(0, LONGEST_MESSAGE).toWellFormed(),
    'dlq.topic': record.topic,
    'dlq.partition': String(record.partition),
    'dlq.offset': record.offset,
    'dlq.timestamp': new Date().toISOString(),
    'dlq.service': service,
  };
  return {
    key: record.key,
    value: record.value,
    timestamp: record.timestamp,
    headers: { ...record.headers, ...reasons },
  };
}

/** Counts a dead letter that has been sent, with one line in the log. Its message may name a person and stays out of that. */
export function reportDeadLetter(logger: Logger, record: KafkaRecord, reason: DeadLetterReason): void {
  deadLettersTotal.inc({ reason });
  logger.warn({ msg: 'dead letter', reason, ...placeOf(record) });
}

/** Where a message came from, and of which order it is, for a line in the log. */
export function placeOf({ topic, partition, offset, value }: KafkaRecord) {
  return { topic, partition, offset, object_id: objectIdOf(value) };
}
