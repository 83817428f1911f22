import { stringify } from 'yaml';
import { kafkaRights, kafkaUsers, type KafkaRight } from '../../ops/topics/kafka-acls';
import { createdTopics, type CreatedTopic } from './created-topics';
import { pascalCase } from './pascal-case';

/** Of the cluster that they are for; an overlay names another. */
const labels = { 'strimzi.io/cluster': 'kafka' };

/** The topics and users as resources of Strimzi. */
export function strimziTopics(): string {
  return documents(createdTopics.map(topicResource));
}

export function strimziUsers(): string {
  return documents(
    kafkaUsers.map((user) => ({
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaUser',
      metadata: { name: user, labels },
      spec: {
        authentication: { type: 'scram-sha-512' },
        authorization: {
          type: 'simple',
          acls: kafkaRights.filter((right) => right.user === user).flatMap(rules),
        },
      },
    })),
  );
}

function topicResource({ name, partitions, replicas, config }: CreatedTopic): object {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    // Kubernetes takes no `_` in names.
    metadata: { name: name.replaceAll('_', '-'), labels },
    spec: { topicName: name, partitions, replicas, config: mapped(config) },
  };
}

/** Strimzi compares what it has set with what the broker says, numbers as numbers where they are exact. */
function mapped(config: Record<string, string>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      Number.isSafeInteger(Number(value)) ? Number(value) : value,
    ]),
  );
}

function rules({ kind, names, operations }: KafkaRight): object[] {
  return names.map((name) => ({
    resource: {
      type: kind.toLowerCase(),
      name: name.replace(/\*$/, ''),
      patternType: name.endsWith('*') ? 'prefix' : 'literal',
    },
    operations: operations.map(pascalCase),
  }));
}

function documents(resources: object[]): string {
  return (
    '# Made from ops/topics by `npx tsx dev/deploy-files.ts`.\n' +
    resources.map((resource) => stringify(resource, { aliasDuplicateObjects: false })).join('---\n')
  );
}
