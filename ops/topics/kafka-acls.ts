import kafkajs, { type AclEntry } from 'kafkajs';
import { topicTable } from './topic-table';

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
 * it writes for the largest batch that they take; cdm tells on its dashboard how far each service is, and how many dead
 * letters there are.
 */
export const kafkaRights: KafkaRight[] = [
  { user: 'stg', kind: 'TOPIC', names: ['order-service_orders'], operations: ['READ'] },
  {
    user: 'stg',
    kind: 'TOPIC',
    names: ['stg-service-orders', 'stg-service-dlq'],
    operations: ['WRITE', 'DESCRIBE_CONFIGS'],
  },
  { user: 'stg', kind: 'GROUP', names: ['stg-service'], operations: ['READ'] },
  { user: 'dds', kind: 'TOPIC', names: ['stg-service-orders'], operations: ['READ'] },
  {
    user: 'dds',
    kind: 'TOPIC',
    names: ['dds-service-orders', 'dds-service-dlq'],
    operations: ['WRITE', 'DESCRIBE_CONFIGS'],
  },
  { user: 'dds', kind: 'GROUP', names: ['dds-service'], operations: ['READ'] },
  { user: 'cdm', kind: 'TOPIC', names: ['dds-service-orders'], operations: ['READ'] },
  {
    user: 'cdm',
    kind: 'TOPIC',
    names: ['cdm-service-user-tags', 'cdm-service-dlq'],
    operations: ['WRITE', 'DESCRIBE_CONFIGS'],
  },
  {
    user: 'cdm',
    kind: 'TOPIC',
    names: ['order-service_orders', 'stg-service-orders', 'stg-service-dlq', 'dds-service-dlq'],
    operations: ['DESCRIBE'],
  },
  { user: 'cdm', kind: 'GROUP', names: ['cdm-service'], operations: ['READ'] },
  { user: 'cdm', kind: 'GROUP', names: ['stg-service', 'dds-service'], operations: ['DESCRIBE'] },
  {
    user: 'topics',
    kind: 'TOPIC',
    names: topicTable.map(({ topic }) => topic),
    operations: ['CREATE', 'DESCRIBE', 'DESCRIBE_CONFIGS'],
  },
  {
    user: 'operator',
    kind: 'TOPIC',
    names: ['stg-service-dlq', 'dds-service-dlq', 'cdm-service-dlq'],
    operations: ['READ'],
  },
  // Dead letters go back to where they came from; an order that waits in vain becomes one.
  {
    user: 'operator',
    kind: 'TOPIC',
    names: [
      'order-service_orders',
      'stg-service-orders',
      'dds-service-orders',
      'cdm-service-user-tags',
      'stg-service-dlq',
    ],
    operations: ['WRITE', 'DESCRIBE_CONFIGS'],
  },
  { user: 'operator', kind: 'GROUP', names: ['order-vault-*'], operations: ['READ', 'DELETE'] },
];

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
