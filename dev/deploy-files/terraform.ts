import { kafkaRights, kafkaUsers } from '../../ops/topics/kafka-acls';
import { createdTopics } from './created-topics';
import { pascalCase } from './pascal-case';

/** The tables that deploy/terraform/kafka.tf makes topics, users and rules of. */
export function terraformTables(): string {
  const topics = Object.fromEntries(
    createdTopics.map(({ name, partitions, replicas, config }) => [name, { partitions, replicas, config }]),
  );
  const rights = kafkaRights.flatMap(({ user, kind, names, operations }) =>
    names.flatMap((name) =>
      operations.map((operation) => ({
        user,
        type: pascalCase(kind),
        name: name.replace(/\*$/, ''),
        pattern: name.endsWith('*') ? 'Prefixed' : 'Literal',
        operation: pascalCase(operation),
      })),
    ),
  );
  const note = 'Made from ops/topics by `npx tsx dev/deploy-files.ts`.';
  return JSON.stringify({ '//': note, locals: { topics, users: kafkaUsers, rights } }, null, 2);
}
