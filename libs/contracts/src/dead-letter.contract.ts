/** Why a message was refused: the closed list behind the header `dlq.reason`. */
export const deadLetterReasons = [
  /** The message has no value, or one of zero bytes. */
  'empty',
  /** The bytes of the value are not UTF-8. */
  'not_utf8',
  /** The text is not JSON, is no JSON object, or is nested deeper than the database can read. */
  'invalid_json',
  /** A NUL character or a lone surrogate, which PostgreSQL cannot store. */
  'invalid_text',
  /** A field is missing or breaks a rule of the contract. */
  'invalid_message',
  /** What would be sent on is larger than the next topic accepts. */
  'message_too_large',
  /** Another version of the order, which came first, names another user or restaurant. */
  'order_owner_changed',
  /** An operator gave up waiting for a dictionary entry. */
  'no_dictionary',
  /** PostgreSQL refuses this message alone; the header `dlq.message` has its words. */
  'database_refused',
  /**
   * A whole record batch that cannot be unpacked, or unpacks to more than a service may hold. The dead letter stands
   * for all its messages: it has the last offset of the batch and no value, and `dlq.message` has the offsets.
   */
  'unreadable_batch',
  /** The next topic takes the output of this message in no form; the header `dlq.message` has the broker's words. */
  'output_refused',
] as const;

export type DeadLetterReason = (typeof deadLetterReasons)[number];

/**
 * Headers that a dead letter has behind the original ones. All values are text. Where the message had one of the same
 * name, the last of that name counts.
 */
export interface DeadLetterHeaders {
  'dlq.reason': DeadLetterReason;
  /** Which field and value, in a sentence for people. May hold personal data, hence not for logs. */
  'dlq.message': string;
  /**
   * The topic that the message was read from; with partition and offset it tells repeats. Of an event that its own
   * topic did not take, that topic, with -1 as partition and offset.
   */
  'dlq.topic': string;
  'dlq.partition': string;
  'dlq.offset': string;
  /** When the message was refused, ISO 8601 in UTC. */
  'dlq.timestamp': string;
  /** The service that refused it. */
  'dlq.service': string;
  /**
   * What is not as it came, because the dead-letter topic refuses it so: `timestamp` (that of the dead letter is when
   * it was written), `key` (it is topic:partition:offset), `value` and `headers` (there are none), with commas between.
   * Absent: nothing.
   */
  'dlq.altered'?: string;
  /** The timestamp of the message, milliseconds since 1970, where it is altered. */
  'dlq.original_timestamp'?: string;
}

/** A message that can never be used: it becomes a dead letter, and its neighbours go on. */
export class MessageRefused extends Error {
  constructor(
    readonly reason: DeadLetterReason,
    message: string,
  ) {
    super(message);
  }
}
