import kafkajs, { type AclEntry } from 'kafkajs';
import { topicTable } from './topic-table';

/** The users of Kafka, one for each that connects. */
export const kafkaUsers = ['stg', 'dds', 'cdm', 'topics', 'operator'] as const;
export type KafkaUser = (typeof kafkaUsers)[number];

type Operation = 'READ' | 'WRITE' | 'CREATE' | 'DESCRIBE' | 'DESCRIBE_CONFIGS' | 'DELETE';

export interface KafkaRight {
  kind: 'TOPIC' | 'GROUP';
  /** With a star at its end: all names that begin so. */
  name: string;
  /** READ, WRITE and DELETE include DESCRIBE. */
  operations: Operation[];
}

const topics = topicTable.map(({ topic }) => topic);
const deadLetters = ['stg-service-dlq', 'dds-service-dlq', 'cdm-service-dlq'];

/**
 * What each user may do, beside nothing. Producers are not idempotent, hence no right on the cluster. A service asks the topics that it
 * writes for the largest batch that they take.
 */
export const kafkaRights: Record<KafkaUser, KafkaRight[]> = {
  stg: [
    ...rights('TOPIC', ['order-service_orders'], 'READ'),
    ...rights('TOPIC', ['stg-service-orders', 'stg-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
    ...rights('GROUP', ['stg-service'], 'READ'),
  ],
  dds: [
    ...rights('TOPIC', ['stg-service-orders'], 'READ'),
    ...rights('TOPIC', ['dds-service-orders', 'dds-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
    ...rights('GROUP', ['dds-service'], 'READ'),
  ],
  cdm: [
    ...rights('TOPIC', ['dds-service-orders'], 'READ'),
    ...rights('TOPIC', ['cdm-service-user-tags', 'cdm-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
    ...rights('GROUP', ['cdm-service'], 'READ'),
    // The dashboard shows how far each service is, and how many dead letters there are.
    ...rights(
      'TOPIC',
      ['order-service_orders', 'stg-service-orders', 'stg-service-dlq', 'dds-service-dlq'],
      'DESCRIBE',
    ),
    ...rights('GROUP', ['stg-service', 'dds-service'], 'DESCRIBE'),
  ],
  topics: rights('TOPIC', topics, 'CREATE', 'DESCRIBE', 'DESCRIBE_CONFIGS'),
  operator: [
    ...rights('TOPIC', deadLetters, 'READ'),
    // Dead letters go back to where they came from; an order that waits in vain becomes one.
    ...rights(
      'TOPIC',
      ['order-service_orders', 'stg-service-orders', 'dds-service-orders', 'stg-service-dlq'],
      'WRITE',
      'DESCRIBE_CONFIGS',
    ),
    ...rights('GROUP', ['stg-service', 'dds-service', 'cdm-service'], 'DESCRIBE'),
    ...rights('GROUP', ['order-vault-*'], 'READ', 'DELETE'),
  ],
};

/** The same as rules of Kafka, for `createAcls` and `deleteAcls`. */
export function kafkaAcls(user: KafkaUser): AclEntry[] {
  return kafkaRights[user].flatMap(({ kind, name, operations }) =>
    operations.map((operation) => ({
      principal: `User:${user}`,
      host: '*',
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
      operation: kafkajs.AclOperationTypes[operation],
      resourceType: kafkajs.AclResourceTypes[kind],
      resourcePatternType: name.endsWith('*')
        ? kafkajs.ResourcePatternTypes.PREFIXED
        : kafkajs.ResourcePatternTypes.LITERAL,
      resourceName: name.replace(/\*$/, ''),
    })),
  );
}

function rights(kind: KafkaRight['kind'], names: string[], ...operations: Operation[]): KafkaRight[] {
  return names.map((name) => ({ kind, name, operations }));
}
