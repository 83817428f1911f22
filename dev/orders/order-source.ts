import { readFileSync } from 'node:fs';
import kafkajs, { type Admin, type Producer } from 'kafkajs';
import { SOURCE_ORDERS } from '@app/contracts/topics';
import { existingTopics } from '@app/kafka/existing-topics';
import { kafkaConfig, type KafkaEnvironment } from '@app/kafka/kafka-client';
import { parseRedisUrl, REDIS_URLS } from '@app/redis/parse-redis-url';
import { RedisStore } from '@app/redis/redis-store';
import { isCertificateFile } from '@app/service/is-certificate-file';
import { kafkaEnvironment } from '../../ops/servers/kafka.environment';
import { patiently } from './patiently';

/** The order service's connections: to the topic it writes, and to the dictionary beside it. */
export interface OrderSource {
  topic: string;
  partitions: readonly number[];
  /** How many messages the topic has ever got, whether or not it still has them. */
  messagesEver: number;
  producer: Producer;
  /** Undefined where the dictionary is left alone. */
  redis?: RedisStore;
  close(): Promise<void>;
}

/** A broker that restarts is waited for about half a minute. */
const kafkaPatience = { initialRetryTime: 300, maxRetryTime: 5_000, multiplier: 2, factor: 0.2, retries: 9 };

/**
 * Connects to Kafka and, unless the dictionary is left alone, to Redis, as the environment says.
 * @throws naming every variable that is missing or malformed; or why a server can't be used within half a minute.
 */
export async function openOrderSource(
  variables: NodeJS.ProcessEnv,
  withDictionary: boolean,
): Promise<OrderSource> {
  const environment = checkedEnvironment(variables, withDictionary);
  const topic = variables.SOURCE_TOPIC || SOURCE_ORDERS;
  const kafka = new kafkajs.Kafka({
    ...kafkaConfig('order-service', environment),
    retry: kafkaPatience,
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner });
  const redis = withDictionary ? await openDictionary(variables) : undefined;
  const close = async () => {
    redis?.close();
    await producer.disconnect();
  };
  try {
    await producer.connect();
    return { topic, ...(await topicState(kafka.admin(), topic)), producer, redis, close };
  } catch (error) {
    await close();
    throw new Error(`KAFKA_BROKERS=${environment.KAFKA_BROKERS} can't be used: ${(error as Error).message}`);
  }
}

/**
 * Connects to Redis.
 * @throws where `REDIS_URL` or `REDIS_SSL_CA` is malformed, or Redis can't be used within half a minute.
 */
export async function openDictionary(variables: NodeJS.ProcessEnv): Promise<RedisStore> {
  failOn(redisProblems(variables));
  const { REDIS_URL = '', REDIS_SSL_CA } = variables;
  const redis = new RedisStore(REDIS_URL, REDIS_SSL_CA ? readFileSync(REDIS_SSL_CA, 'utf8') : undefined);
  try {
    await patiently(() => redis.check());
    return redis;
  } catch (error) {
    redis.close();
    throw error;
  }
}

async function topicState(
  admin: Admin,
  topic: string,
): Promise<Pick<OrderSource, 'partitions' | 'messagesEver'>> {
  try {
    await admin.connect();
    if (!(await existingTopics(admin, [topic])).has(topic)) {
      throw new Error(`there is no topic ${topic}; npm run topics creates it`);
    }
    const offsets = await admin.fetchTopicOffsets(topic);
    return {
      partitions: offsets.map(({ partition }) => partition).sort((a, b) => a - b),
      messagesEver: offsets.reduce((sum, { high }) => sum + Number(high), 0),
    };
  } finally {
    await admin.disconnect();
  }
}

function checkedEnvironment(variables: NodeJS.ProcessEnv, withDictionary: boolean): KafkaEnvironment {
  const problems = withDictionary ? redisProblems(variables) : [];
  try {
    const environment = kafkaEnvironment(variables);
    failOn(problems);
    return environment;
  } catch (error) {
    throw new Error([(error as Error).message, ...problems].join('\n'));
  }
}

function redisProblems({ REDIS_URL = '', REDIS_SSL_CA }: NodeJS.ProcessEnv): string[] {
  const problems = [];
  if (!parseRedisUrl(REDIS_URL)) {
    problems.push(`REDIS_URL is ${REDIS_URLS}: it is missing or something else.`);
  }
  if (REDIS_SSL_CA && !isCertificateFile(REDIS_SSL_CA)) {
    problems.push(
      `REDIS_SSL_CA is a file with a certificate (PEM) that can be read: "${REDIS_SSL_CA}" isn't.`,
    );
  }
  return problems;
}

function failOn(problems: string[]): void {
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
}
