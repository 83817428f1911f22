import kafkajs, { type AclEntry } from 'kafkajs';
import { deadLetterTopics, topicTable } from './topic-table';

/** The users of Kafka, one for each that connects. */
export const kafkaUsers = ['stg', 'dds', 'cdm', 'topics', 'operator'] as const;
export type KafkaUser = (typeof kafkaUsers)[number];

export interface KafkaRight {
  user: KafkaUser;
  kind: 'TOPIC' | 'GROUP';
  names: string[];
  /** READ and WRITE include DESCRIBE. */
  operations: ('READ' | 'WRITE' | 'CREATE' | 'DESCRIBE' | 'DESCRIBE_CONFIGS')[];
}

/**
 * All that anybody may do. Producers are not idempotent, hence no right on the cluster. A service asks the topics that
 * it writes for the largest batch that they take; the dashboard of cdm shows how far each service is, and how many dead
 * letters there are. Operators send dead letters back to where they came from, by commands and from the page of cdm.
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
  topics('cdm', deadLetterTopics, 'READ'),
  topics(
    'cdm',
    ['order-service_orders', 'stg-service-orders', 'dds-service-orders'],
    'WRITE',
    'DESCRIBE_CONFIGS',
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
    ['order-service_orders', 'stg-service-orders', 'dds-service-orders', 'cdm-service-user-tags'],
    'WRITE',
    'DESCRIBE_CONFIGS',
  ),
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
          resourceName: name,
          resourcePatternType: ResourcePatternTypes.LITERAL,
        });
      }
    }
  }
  return entries;
}
