import { reasonOf } from '@app/servers/reason-of';

/**
 * Why the brokers cannot be used, for people: what kafkajs says, and the variables to look at; no value of one is in
 * it.
 */
export interface Refusal {
  message: string;
  /** The broker answers, and waiting alone does not help: a wrong password or certificate, a missing right. */
  isFinal: boolean;
}

/** What to look at, by the words of kafkajs, Node and the broker; the first that fits. */
const causes: { words: RegExp; variables: string; isFinal: boolean }[] = [
  // These two begin with the name of a topic, which may be any.
  {
    words: /in-sync replicas/i,
    variables: 'the brokers that are away, and min.insync.replicas of the topic',
    isFinal: false,
  },
  { words: /no leader/i, variables: 'the brokers that are away', isFinal: false },
  {
    words: /not authorized|authorization failed/i,
    variables: 'the rights of KAFKA_SASL_USERNAME',
    isFinal: true,
  },
  {
    words: /SASL|authentication/i,
    variables: 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
    isFinal: true,
  },
  {
    words: /protocols are incompatible/i,
    variables: 'KAFKA_GROUP_ID, which a client of another kind uses too',
    isFinal: true,
  },
  {
    words: /group coordinator is not available/i,
    variables: 'the brokers that are away, and min.insync.replicas of __consumer_offsets',
    isFinal: false,
  },
  // The broker says no more to a login that may not know of the group.
  {
    words: /group coordinator/i,
    variables: 'KAFKA_BROKERS and the rights of KAFKA_SASL_USERNAME',
    isFinal: false,
  },
  {
    words: /does not host this topic-partition/i,
    variables: 'SOURCE_TOPIC, OUTPUT_TOPIC and DEAD_LETTER_TOPIC',
    isFinal: false,
  },
  { words: /certificate|SSL routines/i, variables: 'KAFKA_SSL and KAFKA_SSL_CA', isFinal: true },
  { words: /(?:)/, variables: 'KAFKA_BROKERS and KAFKA_SSL', isFinal: false },
];

/** An error that is none of kafkajs speaks for itself, also where kafkajs has wrapped it. */
export function refusalOf(error: unknown): Refusal {
  const defect = defectIn(error);
  if (defect) {
    return { message: `${defect.name}: ${reasonOf(defect)}`, isFinal: false };
  }
  const reason = reasonOf(error);
  if (!(error as Error).name?.startsWith('KafkaJS')) {
    return { message: reason, isFinal: false };
  }
  return refusalIn(reason);
}

/** What the words of kafkajs, of Node or of the broker mean. */
export function refusalIn(reason: string): Refusal {
  const { variables, isFinal } = causes.find(({ words }) => words.test(reason))!;
  return { message: `Kafka cannot be used, see ${variables}: ${reason}`, isFinal };
}

/** The error of our own code or of the library's, if it is one: no broker is to blame. */
export function defectIn(error: unknown): Error | undefined {
  const kinds = [TypeError, RangeError, ReferenceError, SyntaxError];
  const { cause } = error as { cause?: unknown };
  return kinds.some((kind) => error instanceof kind)
    ? (error as Error)
    : cause == null
      ? undefined
      : defectIn(cause);
}

/** kafkajs wraps what it will not repeat, so the error that says what happened may be the cause. */
export function isCausedBy(error: unknown, name: string): boolean {
  const { name: ownName, cause } = error as { name?: string; cause?: unknown };
  return ownName === name || (cause != null && isCausedBy(cause, name));
}
