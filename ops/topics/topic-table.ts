/** How a topic is created. What isn't named is left to the cluster's defaults. */
export interface TopicSettings {
  topic: string;
  configuration: {
    /** Milliseconds; -1: without limit. */
    'retention.ms': number;
    /** Bytes a partition; -1: without limit. */
    'retention.bytes'?: number;
    /** The largest batch of messages as sent, in bytes. */
    'max.message.bytes'?: number;
  };
  /**
   * Takes messages of any time, however far from the present: a dead letter has the time of its message, and no stream
   * has to stand still because a host's clock is wrong.
   */
  takesAnyTime?: boolean;
}

/** Of each topic, by default. */
export const defaultPartitions = 6;

const orders = { 'retention.ms': 30 * 24 * 60 * 60 * 1000 };
const forever = { 'retention.ms': -1, 'retention.bytes': -1 };

const kafkaDefault = 1_048_588;
/** An enriched order is larger than the order that it was made from. */
const enriched = 4 * 1024 * 1024;
/** What a dead letter has more than the message that it is: headers that say why and whence. */
const deadLetterHeaders = 64 * 1024;

/**
 * All topics that the three services read and write. A dead-letter topic takes whatever the topic that its service
 * reads takes.
 */
export const topicTable: TopicSettings[] = [
  { topic: 'order-service_orders', configuration: { ...orders, 'max.message.bytes': kafkaDefault } },
  {
    topic: 'stg-service-orders',
    configuration: { ...orders, 'max.message.bytes': enriched },
    takesAnyTime: true,
  },
  {
    topic: 'dds-service-orders',
    configuration: { ...orders, 'max.message.bytes': enriched },
    takesAnyTime: true,
  },
  { topic: 'cdm-service-user-tags', configuration: forever, takesAnyTime: true },
  {
    topic: 'stg-service-dlq',
    configuration: { ...forever, 'max.message.bytes': kafkaDefault + deadLetterHeaders },
    takesAnyTime: true,
  },
  {
    topic: 'dds-service-dlq',
    configuration: { ...forever, 'max.message.bytes': enriched + deadLetterHeaders },
    takesAnyTime: true,
  },
  {
    topic: 'cdm-service-dlq',
    configuration: { ...forever, 'max.message.bytes': enriched + deadLetterHeaders },
    takesAnyTime: true,
  },
];

export const deadLetterTopics = topicTable
  .map(({ topic }) => topic)
  .filter((topic) => topic.endsWith('-dlq'));
