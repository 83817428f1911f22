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
   * A whole record batch that cannot be unpacked, or unpacks to more than a service may hold. The dead letter stands for all its
   * messages: it has the last offset of the batch and no value, and `dlq.message` has the offsets.
   */
  'unreadable_batch',
] as const;

export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** Headers that a dead letter has beside the original ones. All values are text. */
export interface DeadLetterHeaders {
  'dlq.reason': DeadLetterReason;
  /** Which field and value, in a sentence for people. May hold personal data, hence not for logs. */
  'dlq.message': string;
  /** The topic that the message was read from; with partition and offset it tells repeats. */
  'dlq.topic': string;
  'dlq.partition': string;
  'dlq.offset': string;
  /** When the message was refused, ISO 8601 in UTC. */
  'dlq.timestamp': string;
  /** The service that refused it. */
  'dlq.service': string;
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
