import type { Logger } from '@nestjs/common';
import type {
  ConnectErrorHeaders,
  ConnectStage,
  DeadLetterHeaders,
  DeadLetterReason,
} from '@app/contracts/dead-letter.contract';
import { orderIdOf } from '@app/contracts/order-id-of';
import type { TopicRefusal } from '@app/kafka/delivery';
import type { Header, OutgoingMessage } from '@app/kafka/outgoing-message';
import { traces } from '@app/tracing/tracing';
import { deadLettersTotal } from './batch-metrics';
import type { KafkaRecord, Refused } from './outcome';

/** The headers must fit into the 64 KiB that a dead-letter topic takes beyond the source's own limit. */
const LONGEST_MESSAGE = 1_000;

/** At which stage of Kafka Connect a message would be refused for such a reason. */
const STAGES: Record<DeadLetterReason, ConnectStage> = {
  unreadable_batch: 'KAFKA_CONSUME',
  empty: 'VALUE_CONVERTER',
  not_utf8: 'VALUE_CONVERTER',
  invalid_json: 'VALUE_CONVERTER',
  invalid_text: 'VALUE_CONVERTER',
  invalid_message: 'VALUE_CONVERTER',
  no_dictionary: 'TRANSFORMATION',
  order_owner_changed: 'TASK_PUT',
  database_refused: 'TASK_PUT',
  message_too_large: 'KAFKA_PRODUCE',
  output_refused: 'KAFKA_PRODUCE',
};

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
  return inForm(record, reasons, { altered: [], isPlain: false });
}

/** What of a dead letter is not as it came. */
type Altered = 'timestamp' | 'key' | 'value' | 'headers';

interface Form {
  altered: Altered[];
  /** Without the headers of Kafka Connect. */
  isPlain: boolean;
}

function inForm(record: KafkaRecord, reasons: DeadLetterHeaders, form: Form): OutgoingMessage {
  const { altered, isPlain } = form;
  const own = {
    ...reasons,
    ...(altered.length > 0 && { 'dlq.altered': altered.join(',') }),
    ...(altered.includes('timestamp') && { 'dlq.original_timestamp': record.timestamp }),
    ...(!isPlain && connectHeaders(reasons)),
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
      const next = nextForm(record, refusal, form);
      return next && inForm(record, reasons, next);
    },
  };
}

/** The same once more, by the names of Kafka Connect. */
function connectHeaders(reasons: DeadLetterHeaders): ConnectErrorHeaders {
  const reason = reasons['dlq.reason'];
  const message = reasons['dlq.message'];
  const place = [reasons['dlq.topic'], reasons['dlq.partition'], reasons['dlq.offset']] as const;
  const name = `order-vault-${reasons['dlq.service']}`;
  return {
    '__connect.errors.topic': place[0],
    '__connect.errors.partition': place[1],
    '__connect.errors.offset': place[2],
    '__connect.errors.connector.name': name,
    '__connect.errors.task.id': '0',
    '__connect.errors.stage': STAGES[reason],
    '__connect.errors.class.name': name,
    '__connect.errors.exception.class.name': reason,
    '__connect.errors.exception.message': message,
    '__connect.errors.exception.stacktrace': `${reason}: ${message}\n\tat ${name}(${place.join(':')})\n`,
  };
}

/**
 * What helps first: a time that the topic takes, and a key where it is compacted. Then it goes without the headers of
 * Kafka Connect, and only then without what is the message's.
 */
function nextForm(record: KafkaRecord, refusal: string, { altered, isPlain }: Form): Form | undefined {
  const more = moreAltered(record, refusal, altered);
  const isNext = isPlain || more?.[0] === 'timestamp' || more?.[0] === 'key';
  return more && (isNext ? { altered: [...altered, ...more], isPlain } : { altered, isPlain: true });
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

/** How the names of headers begin that a service adds. */
const OWN = ['dlq.', '__connect.errors.'];

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
  const isOwn = (place: number) =>
    first >= 0 && place >= first && OWN.some((prefix) => names[place]!.startsWith(prefix));
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
  traces?.refused(record, reason);
  logger.warn({ msg: 'dead letter', reason, ...placeOf(record) });
}

/** Where a message came from, and of which order it is, for a line in the log. */
export function placeOf({ topic, partition, offset, value }: KafkaRecord) {
  return { topic, partition, offset, object_id: orderIdOf(value) };
}
