import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kafkaAcls, kafkaUsers } from '../../ops/topics/kafka-acls';
import { defaultPartitions, topicTable } from '../../ops/topics/topic-table';
import { deployFiles, placeOf } from './deploy-files';
import { strimziTopics, strimziUsers } from './strimzi';
import { terraformTables } from './terraform';

it.each(await deployFiles())(
  'deploy/%s is up to date (npx tsx dev/deploy-files.ts writes it)',
  (name, text) => {
    expect(readFileSync(placeOf(name), 'utf8')).toBe(text);
  },
);

describe('topics and rights of Kafka', () => {
  const tables = JSON.parse(terraformTables()) as {
    locals: {
      topics: Record<string, { partitions: number; config: Record<string, string> }>;
      users: string[];
      rights: Record<'user' | 'type' | 'name' | 'pattern' | 'operation', string>[];
    };
  };
  const resources = (text: string) =>
    parseAllDocuments(text).map((document) => document.toJS() as { metadata: { name: string }; spec: Spec });
  interface Spec {
    topicName: string;
    partitions: number;
    config: Record<string, number | string>;
    authorization: {
      acls: { resource: { type: string; name: string; patternType: string }; operations: string[] }[];
    };
  }

  it('are those of the table in Strimzi and in Terraform', () => {
    const expected = topicTable.map(({ topic, configuration }) => [topic, defaultPartitions, configuration]);
    const pick = (config: Record<string, number | string>, place: number) =>
      Object.fromEntries(
        Object.keys(topicTable[place]!.configuration).map((name) => [name, Number(config[name])]),
      );
    expect(
      resources(strimziTopics()).map(({ spec }, place) => [
        spec.topicName,
        spec.partitions,
        pick(spec.config, place),
      ]),
    ).toEqual(expected);
    expect(
      Object.entries(tables.locals.topics).map(([name, { partitions, config }], place) => [
        name,
        partitions,
        pick(config, place),
      ]),
    ).toEqual(expected);
  });

  it('of users are the rules that Kafka gets from the table', () => {
    const { AclOperationTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
    const nameOf = (names: object, value: unknown) =>
      Object.entries(names)
        .find(([, one]) => one === value)![0]
        .replaceAll('_', '')
        .toLowerCase();
    const expected = kafkaUsers.flatMap((user) =>
      kafkaAcls(user).map((entry) =>
        [
          user,
          nameOf(AclResourceTypes, entry.resourceType),
          entry.resourceName,
          nameOf(ResourcePatternTypes, entry.resourcePatternType),
          nameOf(AclOperationTypes, entry.operation),
        ].join(' '),
      ),
    );
    const ofStrimzi = resources(strimziUsers()).flatMap(({ metadata, spec }) =>
      spec.authorization.acls.flatMap(({ resource: { type, name, patternType }, operations }) =>
        operations.map((operation) =>
          [
            metadata.name,
            type,
            name,
            patternType.replace(/^prefix$/, 'prefixed'),
            operation.toLowerCase(),
          ].join(' '),
        ),
      ),
    );
    const ofTerraform = tables.locals.rights.map(({ user, type, name, pattern, operation }) =>
      [user, type.toLowerCase(), name, pattern.toLowerCase(), operation.toLowerCase()].join(' '),
    );
    expect(ofStrimzi.toSorted()).toEqual(expected.toSorted());
    expect(ofTerraform.toSorted()).toEqual(expected.toSorted());
  });
});
