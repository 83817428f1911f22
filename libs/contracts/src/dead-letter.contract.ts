import { refusalReasons } from './refusal-reasons';

export type DeadLetterReason = keyof typeof refusalReasons;

export const deadLetterReasons = Object.keys(refusalReasons) as DeadLetterReason[];

/**
 * Headers that a dead letter has behind the original ones. All values are text. Where the message had one of the same
 * name, the last of that name counts.
 */
export interface DeadLetterHeaders {
  'dlq.reason': DeadLetterReason;
  /** Which field and value, in a sentence for people. May hold personal data, hence not for logs. */
  'dlq.message': string;
  /**
   * The topic that the message was read from; with partition and offset it identifies repeats. Of an event that its own
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

/**
 * Headers that a dead letter has behind those of `DeadLetterHeaders`: what those say, by the names that Kafka Connect
 * gives to its dead letters, for the tools that show them. All values are text. All are absent where the topic takes
 * the dead letter only without them.
 */
export interface ConnectErrorHeaders {
  /** As `dlq.topic`. */
  '__connect.errors.topic': string;
  /** As `dlq.partition`. */
  '__connect.errors.partition': string;
  /** As `dlq.offset`. */
  '__connect.errors.offset': string;
  /** `order-vault-` and the service. */
  '__connect.errors.connector.name': string;
  /** Always 0. */
  '__connect.errors.task.id': '0';
  /** At which of Connect's stages the message was refused. */
  '__connect.errors.stage': ConnectStage;
  /** As `__connect.errors.connector.name`. */
  '__connect.errors.class.name': string;
  /** As `dlq.reason`. */
  '__connect.errors.exception.class.name': DeadLetterReason;
  /** As `dlq.message`. May hold personal data too. */
  '__connect.errors.exception.message': string;
  /** Reason, message and place in the form of a stack trace of Java. */
  '__connect.errors.exception.stacktrace': string;
}

/** Those of the stages of Kafka Connect that fit. */
export const connectStages = [
  'KAFKA_CONSUME',
  'VALUE_CONVERTER',
  'TRANSFORMATION',
  'TASK_PUT',
  'KAFKA_PRODUCE',
] as const;

export type ConnectStage = (typeof connectStages)[number];

/** A message that can never be used: it becomes a dead letter, and its neighbours go on. */
export class MessageRefused extends Error {
  constructor(
    readonly reason: DeadLetterReason,
    message: string,
  ) {
    super(message);
  }
}
