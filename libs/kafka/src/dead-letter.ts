import type { DeadLetterHeaders } from '@app/contracts/dead-letter.contract';
import type { Message } from 'kafkajs';
import type { KafkaRecord, Refused } from './outcome';

/** The message as it came, key, value, headers and timestamp untouched, with the headers that say why it was refused. */
export function deadLetter(record: KafkaRecord, refused: Refused, service: string): Message {
  const reasons: DeadLetterHeaders = {
    'dlq.reason': refused.reason,
    'dlq.message': refused.message,
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
