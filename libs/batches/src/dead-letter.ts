import type { Logger } from '@nestjs/common';
import type { DeadLetterHeaders, DeadLetterReason } from '@app/contracts/dead-letter.contract';
import { orderIdOf } from '@app/contracts/order-id-of';
import type { TopicRefusal } from '@app/kafka/delivery';
import type { Header, OutgoingMessage } from '@app/kafka/outgoing-message';
import { deadLettersTotal } from './batch-metrics';
import type { KafkaRecord, Refused } from './outcome';

/** The headers must fit into the 64 KiB that a dead-letter topic takes beyond the source's own limit. */
const LONGEST_MESSAGE = 1_000;

/**
 * The message as it came, key, value, headers and timestamp untouched, with the headers that say why it was refused
 * behind its own. Where the topic does not take it so, it takes one that says what is other than it came.
 */
export function deadLetter(record: KafkaRecord, refused: Refused, service: string): OutgoingMessage {
  const reasons: DeadLetterHeaders = {
    'dlq.reason': refused.reason,
    'dlq.message': refused.message.slice(0, LONGEST_MESSAGE).toWellFormed(),
    'dlq.topic': record.topic,
    'dlq.partition': String(record.partition),
    'dlq.offset': record.offset,
    'dlq.timestamp': new Date().toISOString(),
    'dlq.service': service,
  };
  return inForm(record, reasons, []);
}

/** What of a dead letter is not as it came. */
type Altered = 'timestamp' | 'key' | 'value' | 'headers';

function inForm(record: KafkaRecord, reasons: DeadLetterHeaders, altered: Altered[]): OutgoingMessage {
  const own: DeadLetterHeaders = {
    ...reasons,
    ...(altered.length > 0 && { 'dlq.altered': altered.join(',') }),
    ...(altered.includes('timestamp') && { 'dlq.original_timestamp': record.timestamp }),
  };
  return {
    key: altered.includes('key') ? `${record.topic}:${record.partition}:${record.offset}` : record.key,
    value: altered.includes('value') ? null : record.value,
    timestamp: altered.includes('timestamp') ? undefined : record.timestamp,
    headers: [
      ...(altered.includes('headers') ? [] : record.headers),
      ...Object.entries(own).map(([name, text]): Header => [Buffer.from(name), Buffer.from(text)]),
    ],
    instead: (refusal) => {
      const more = moreAltered(record, refusal, altered);
      return more && inForm(record, reasons, [...altered, ...more]);
    },
  };
}

/**
 * The least that may help: a compacted topic takes no message without a key, and no topic has to take every time or
 * every size.
 */
function moreAltered({ key }: KafkaRecord, refusal: string, altered: Altered[]): Altered[] | undefined {
  if (refusal === 'INVALID_TIMESTAMP') {
    return altered.includes('timestamp') ? undefined : ['timestamp'];
  }
  if (refusal === 'INVALID_RECORD' && key === null && !altered.includes('key')) {
    return ['key'];
  }
  if (!altered.includes('value')) {
    return ['value'];
  }
  const rest = (['key', 'headers'] as const).filter((part) => !altered.includes(part));
  return altered.includes('headers') ? undefined : rest;
}

/**
 * Takes the headers of a dead letter apart. Those of the service come last and begin with `dlq.reason`; a message may
 * have had some of the same names, which then stand before.
 */
export function partedHeaders(headers: readonly Header[]): {
  original: Header[];
  own: Partial<Record<string, string>>;
} {
  const names = headers.map(([name]) => name.toString());
  const first = names.lastIndexOf('dlq.reason');
  const isOwn = (place: number) => first >= 0 && place >= first && names[place]!.startsWith('dlq.');
  return {
    original: headers.filter((_, place) => !isOwn(place)),
    own: Object.fromEntries(
      headers.flatMap(([, value], place) => (isOwn(place) ? [[names[place]!, String(value ?? '')]] : [])),
    ),
  };
}

/** The next topic does not take what would be sent on. */
export function outputRefused(topic: string, { type, message }: TopicRefusal): Refused {
  return {
    kind: 'refused',
    reason:
      type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE'
        ? 'message_too_large'
        : 'output_refused',
    message: `${topic} does not take what would be sent on: ${type}: ${message}`,
  };
}

/**
 * Counts a dead letter that has been sent, with one line in the log. Its message may name a person and stays out of
 * that.
 */
export function reportDeadLetter(logger: Logger, record: KafkaRecord, reason: DeadLetterReason): void {
  deadLettersTotal.inc({ reason });
  logger.warn({ msg: 'dead letter', reason, ...placeOf(record) });
}

/** Where a message came from, and of which order it is, for a line in the log. */
export function placeOf({ topic, partition, offset, value }: KafkaRecord) {
  return { topic, partition, offset, object_id: orderIdOf(value) };
}
