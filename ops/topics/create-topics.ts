import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { existingTopics } from '@app/kafka/existing-topics';
import { kafkaConfig } from '@app/kafka/kafka-client';
import { refusalOf } from '@app/kafka/kafka-refusal';
import { anyTime, anyTimeBefore } from './any-time';
import { kafkaEnvironment } from '../servers/kafka.environment';
import { topicTable, type TopicSettings } from './topic-table';

const brokerPatience = 30_000;

/** From so many replicas on, two have to have a message before it counts as sent: one broker may be lost for good. */
export const safeReplicas = 3;
export const safeInSync = 2;

/** The newest release of Kafka first. */
const timeLimits = [anyTime, anyTimeBefore];
const inSyncReplicas = 'min.insync.replicas';
const INVALID_CONFIG = 40;

export interface TopicNumbers {
  partitions: number;
  /** -1: the default of the cluster. */
  replicationFactor: number;
}

/**
 * Creates the topics that are missing in the cluster that the environment names. Existing ones stay as they are.
 * @param say gets one line per topic, with what differs from its settings.
 * @throws naming malformed variables, or why no broker could be used within half a minute.
 */
export async function createTopics(
  environment: NodeJS.ProcessEnv,
  numbers: TopicNumbers,
  say: (line: string) => void,
): Promise<void> {
  const kafka = kafkaEnvironment(environment);
  const connection = kafkaConfig('order-vault-topics', kafka);
  const admin = new kafkajs.Kafka({ ...connection, logLevel: kafkajs.logLevel.NOTHING }).admin();
  try {
    await connect(admin, kafka.KAFKA_BROKERS);
    const existing = await existingTopics(
      admin,
      topicTable.map(({ topic }) => topic),
    );
    const missing = topicTable.filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) {
      const replicationFactor =
        numbers.replicationFactor === -1 ? await usualReplicas(admin) : numbers.replicationFactor;
      await create(admin, missing, { ...numbers, replicationFactor });
    }
    for (const settings of topicTable) {
      const state = missing.includes(settings) ? 'created' : 'exists';
      say(
        [`${settings.topic}: ${state}`, ...(await differences(admin, settings, numbers))].join('; WARNING: '),
      );
    }
  } finally {
    await admin.disconnect();
  }
}

/**
 * A broker that is still starting is waited for; one that has the wrong certificate, or refuses the password, is
 * believed at once.
 */
async function connect(admin: Admin, brokers: string): Promise<void> {
  const deadline = Date.now() + brokerPatience;
  for (;;) {
    try {
      return await admin.connect();
    } catch (error) {
      const { message, isFinal } = refusalOf(error);
      if (isFinal || Date.now() > deadline) {
        throw new Error(`KAFKA_BROKERS=${brokers}: ${message}`);
      }
      await sleep(500);
    }
  }
}

async function create(admin: Admin, missing: TopicSettings[], numbers: TopicNumbers): Promise<void> {
  let left = missing;
  for (const [place, limits] of timeLimits.entries()) {
    const isLast = place === timeLimits.length - 1;
    left = await createThese(admin, left, numbers, limits, isLast);
    if (left.length === 0) {
      break;
    }
  }
  const deadline = Date.now() + brokerPatience;
  for (const { topic } of missing) {
    await untilUsable(admin, topic, deadline);
  }
}

/**
 * @param isLast the brokers have to know the names of the limits
 * @returns those that were not created, because the brokers do not know them
 */
async function createThese(
  admin: Admin,
  topics: TopicSettings[],
  numbers: TopicNumbers,
  limits: Record<string, string>,
  isLast: boolean,
): Promise<TopicSettings[]> {
  try {
    await admin.createTopics({
      topics: topics.map((settings) => creation(settings, numbers, limits)),
      timeout: 10_000,
      // kafkajs gives up on leaders as soon as a busy broker has not heard of a topic.
      waitForLeaders: false,
    });
    return [];
  } catch (error) {
    const { errors = [] } = error as { errors?: { topic: string; message: string; code?: number }[] };
    if (errors.length === 0) {
      throw error;
    }
    const unknown = topics.filter(
      ({ topic, takesAnyTime }) =>
        takesAnyTime && errors.some((one) => one.topic === topic && one.code === INVALID_CONFIG),
    );
    if (isLast || unknown.length < errors.length) {
      throw new Error(errors.map(({ topic, message }) => `${topic}: ${message}`).join('\n'));
    }
    return unknown;
  }
}

/** The cluster's own number of replicas; -1 where it does not say it to this user. */
async function usualReplicas(admin: Admin): Promise<number> {
  try {
    const { brokers } = await admin.describeCluster();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.BROKER,
          name: String(brokers[0]!.nodeId),
          configNames: ['default.replication.factor'],
        },
      ],
    });
    return Number(resources[0]?.configEntries[0]?.configValue ?? -1);
  } catch {
    return -1;
  }
}

async function untilUsable(admin: Admin, topic: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await sleep(100);
    }
  }
}

function creation(
  settings: TopicSettings,
  { partitions, replicationFactor }: TopicNumbers,
  limits: Record<string, string>,
): ITopicConfig {
  const configuration = [
    ...entries(settings),
    ...(settings.takesAnyTime ? Object.entries(limits) : []),
    ...(replicationFactor >= safeReplicas ? [[inSyncReplicas, String(safeInSync)] as const] : []),
  ];
  return {
    topic: settings.topic,
    numPartitions: partitions,
    replicationFactor,
    configEntries: configuration.map(([name, value]) => ({ name, value })),
  };
}

async function differences(admin: Admin, settings: TopicSettings, numbers: TopicNumbers): Promise<string[]> {
  const { topic } = settings;
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]!.partitions;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  });
  const stored = new Map(
    resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );

  const compared: [string, number | string | undefined, number | string][] = [
    ['partitions', partitions.length, numbers.partitions],
    ...entries(settings).map(([name, value]): [string, string | undefined, string] => [
      name,
      stored.get(name),
      value,
    ]),
  ];
  if (numbers.replicationFactor !== -1) {
    compared.push(['replication factor', partitions[0]!.replicas.length, numbers.replicationFactor]);
  }
  if (settings.takesAnyTime) {
    const known = timeLimits.find((limits) => Object.keys(limits).some((name) => stored.has(name))) ?? {};
    compared.push(
      ...Object.entries(known).map(([name, limit]): [string, string | undefined, string] => [
        name,
        stored.get(name),
        limit,
      ]),
    );
  }
  if (partitions[0]!.replicas.length >= safeReplicas && Number(stored.get(inSyncReplicas)) < safeInSync) {
    compared.push([inSyncReplicas, stored.get(inSyncReplicas), safeInSync]);
  }
  return compared
    .filter(([, found, wanted]) => found !== wanted)
    .map(([name, found, wanted]) => `${name} is ${found}, not ${wanted}`);
}

function entries({ configuration }: TopicSettings): [string, string][] {
  return Object.entries(configuration).map(([name, value]) => [name, String(value)]);
}
