import kafkajs, { type AclEntry } from 'kafkajs';
import { deadLetterTopics, topicTable } from './topic-table';

/** The users of Kafka, one for each that connects. */
export const kafkaUsers = ['stg', 'dds', 'cdm', 'topics', 'operator'] as const;
export type KafkaUser = (typeof kafkaUsers)[number];

export interface KafkaRight {
  user: KafkaUser;
  kind: 'TOPIC' | 'GROUP';
  /** One that ends with a star stands for all names that begin so. */
  names: string[];
  /** READ, WRITE and DELETE include DESCRIBE. */
  operations: ('READ' | 'WRITE' | 'CREATE' | 'DESCRIBE' | 'DESCRIBE_CONFIGS' | 'DELETE')[];
}

/**
 * All that anybody may do. Producers are not idempotent, hence no right on the cluster. A service asks the topics that
 * it writes for the largest batch that they take; the dashboard of cdm shows how far each service is, and how many dead
 * letters there are. An operator sends dead letters back to where they came from; a discarded order becomes one.
 */
export const kafkaRights: KafkaRight[] = [
  topics('stg', ['order-service_orders'], 'READ'),
  topics('stg', ['stg-service-orders', 'stg-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
  groups('stg', ['stg-service'], 'READ'),
  topics('dds', ['stg-service-orders'], 'READ'),
  topics('dds', ['dds-service-orders', 'dds-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
  groups('dds', ['dds-service'], 'READ'),
  topics('cdm', ['dds-service-orders'], 'READ'),
  topics('cdm', ['cdm-service-user-tags', 'cdm-service-dlq'], 'WRITE', 'DESCRIBE_CONFIGS'),
  topics(
    'cdm',
    ['order-service_orders', 'stg-service-orders', 'stg-service-dlq', 'dds-service-dlq'],
    'DESCRIBE',
  ),
  groups('cdm', ['cdm-service'], 'READ'),
  groups('cdm', ['stg-service', 'dds-service'], 'DESCRIBE'),
  topics(
    'topics',
    topicTable.map(({ topic }) => topic),
    'CREATE',
    'DESCRIBE',
    'DESCRIBE_CONFIGS',
  ),
  topics('operator', deadLetterTopics, 'READ'),
  topics(
    'operator',
    [
      'order-service_orders',
      'stg-service-orders',
      'dds-service-orders',
      'cdm-service-user-tags',
      'stg-service-dlq',
    ],
    'WRITE',
    'DESCRIBE_CONFIGS',
  ),
  groups('operator', ['order-vault-*'], 'READ', 'DELETE'),
];

function topics(user: KafkaUser, names: string[], ...operations: KafkaRight['operations']): KafkaRight {
  return { user, kind: 'TOPIC', names, operations };
}

function groups(user: KafkaUser, names: string[], ...operations: KafkaRight['operations']): KafkaRight {
  return { user, kind: 'GROUP', names, operations };
}

/** The rights of a user as rules of Kafka, for `createAcls` and `deleteAcls`. */
export function kafkaAcls(user: KafkaUser): AclEntry[] {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
  const entries: AclEntry[] = [];
  for (const { kind, names, operations } of kafkaRights.filter((right) => right.user === user)) {
    for (const name of names) {
      for (const operation of operations) {
        entries.push({
          principal: `User:${user}`,
          host: '*',
          permissionType: AclPermissionTypes.ALLOW,
          operation: AclOperationTypes[operation],
          resourceType: AclResourceTypes[kind],
          resourceName: name.replace(/\*$/, ''),
          resourcePatternType: name.endsWith('*')
            ? ResourcePatternTypes.PREFIXED
            : ResourcePatternTypes.LITERAL,
        });
      }
    }
  }
  return entries;
}
