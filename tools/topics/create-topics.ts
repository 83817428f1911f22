import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { kafkaConfig } from '@app/kafka/kafka.client';
import { refusalOf } from '@app/kafka/kafka.refusal';
import { kafkaEnvironment } from './kafka.environment';
import { topicTable, type TopicSettings } from './topic-table';

const brokerPatience = 30_000;

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
    const existing = new Set(await admin.listTopics());
    const missing = topicTable.filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) await create(admin, missing, numbers);
    for (const settings of topicTable) {
      if (missing.includes(settings)) say(`${settings.topic}: created`);
      else
        say(
          [`${settings.topic}: exists`, ...(await differences(admin, settings, numbers))].join('; WARNING: '),
        );
    }
  } finally {
    await admin.disconnect();
  }
}

/** A broker that is still starting is waited for; one that has the wrong certificate, or refuses the password, is believed at once. */
async function connect(admin: Admin, brokers: string): Promise<void> {
  const deadline = Date.now() + brokerPatience;
  for (;;) {
    try {
      return await admin.connect();
    } catch (error) {
      const { message, isFinal } = refusalOf(error);
      if (isFinal || Date.now() > deadline) throw new Error(`KAFKA_BROKERS=${brokers}: ${message}`);
      await sleep(500);
    }
  }
}

async function create(admin: Admin, missing: TopicSettings[], numbers: TopicNumbers): Promise<void> {
  try {
    await admin.createTopics({
      topics: missing.map((settings) => creation(settings, numbers)),
      timeout: 10_000,
      // kafkajs gives up on leaders as soon as a busy broker has not heard of a topic.
      waitForLeaders: false,
    });
    const deadline = Date.now() + brokerPatience;
    for (const { topic } of missing) await untilUsable(admin, topic, deadline);
  } catch (error) {
    const { errors } = error as { errors?: { topic: string; message: string }[] };
    throw errors ? new Error(errors.map(({ topic, message }) => `${topic}: ${message}`).join('\n')) : error;
  }
}

async function untilUsable(admin: Admin, topic: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

function creation(settings: TopicSettings, { partitions, replicationFactor }: TopicNumbers): ITopicConfig {
  return {
    topic: settings.topic,
    numPartitions: partitions,
    replicationFactor,
    configEntries: entries(settings).map(([name, value]) => ({ name, value })),
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
  return compared
    .filter(([, found, wanted]) => found !== wanted)
    .map(([name, found, wanted]) => `${name} is ${found}, not ${wanted}`);
}

function entries({ configuration }: TopicSettings): [string, string][] {
  return Object.entries(configuration).map(([name, value]) => [name, String(value)]);
}
