import { anyTime } from '../../ops/topics/any-time';
import { safeInSync, safeReplicas } from '../../ops/topics/create-topics';
import { defaultPartitions, topicTable } from '../../ops/topics/topic-table';

/** A topic as `npm run topics` creates it in Kafka 3.6 or newer with three brokers. */
export interface CreatedTopic {
  name: string;
  partitions: number;
  replicas: number;
  config: Record<string, string>;
}

export const createdTopics: CreatedTopic[] = topicTable.map(({ topic, configuration, takesAnyTime }) => ({
  name: topic,
  partitions: defaultPartitions,
  replicas: safeReplicas,
  config: {
    ...Object.fromEntries(Object.entries(configuration).map(([name, value]) => [name, String(value)])),
    ...(takesAnyTime ? anyTime : {}),
    'min.insync.replicas': String(safeInSync),
  },
}));
