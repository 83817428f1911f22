import { readFileSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { LRUCache } from 'lru-cache';
import { answeringSocket } from './kafkajs-socket';
import { refusalIn } from './kafka-refusal';
import './kafkajs-clock';
import './kafkajs-coordinator';
import './kafkajs-fetch';
import './kafkajs-idle';
import './kafkajs-leaders';

/** How to reach the brokers; the fields are the environment variables of the same name. */
export interface KafkaEnvironment {
  /** `host:port,...` */
  KAFKA_BROKERS: string;
  KAFKA_SSL?: boolean;
  /** File with the certificate authority, PEM. */
  KAFKA_SSL_CA?: string;
  KAFKA_SASL_MECHANISM?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  KAFKA_SASL_USERNAME?: string;
  KAFKA_SASL_PASSWORD?: string;
}

/**
 * One operation is tried for a few seconds; who called it waits and tries again. The values are stated because the
 * defaults of kafkajs back off to half a minute, and differ when NODE_ENV is `test`.
 */
const retry = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 5 };

/** Connection settings of kafkajs for a client of this name. */
export function kafkaConfig(clientId: string, environment: KafkaEnvironment): KafkaConfig {
  const { KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM } = environment;
  return {
    clientId,
    brokers: environment.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    ssl: KAFKA_SSL ? (KAFKA_SSL_CA ? { ca: [readFileSync(KAFKA_SSL_CA, 'utf8')] } : true) : undefined,
    sasl: KAFKA_SASL_MECHANISM
      ? ({
          mechanism: KAFKA_SASL_MECHANISM,
          username: environment.KAFKA_SASL_USERNAME,
          password: environment.KAFKA_SASL_PASSWORD,
        } as SASLOptions)
      : undefined,
    socketFactory: answeringSocket,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry,
    logLevel: logLevel.INFO,
    logCreator: () => logToNest,
  };
}

export function kafkaClient(clientId: string, environment: KafkaEnvironment): Kafka {
  return new Kafka(kafkaConfig(clientId, environment));
}

const logger = new Logger('kafkajs');
/** What was said within a minute: while brokers are away, kafkajs says the same several times a second. */
const said = new LRUCache<string, true>({ max: 100, ttl: 60_000 });

/**
 * kafkajs reports retries and rebalances as errors; they heal by themselves, hence one level lower than it thinks. Lost
 * messages do not.
 */
function logToNest(entry: {
  level: logLevel;
  log: { message: string; error?: string; groupId?: string };
}): void {
  const { message, error } = entry.log;
  const text = error ? `${message}: ${error}` : message;
  if (message.startsWith('Offset out of range')) {
    logger.error(text);
  } else if (entry.level !== logLevel.ERROR) {
    logger.debug(text);
  } else {
    complaint = { text, at: performance.now() };
    if (!said.has(text)) {
      said.set(text, true);
      logger.warn(text);
    }
  }
}

/** Errors that are older have nothing to do with what happens now. */
const COMPLAINT_MS = 30_000;
let complaint: { text: string; at: number } | undefined;

/**
 * What kafkajs has complained of last, in words that name the variables to look at; undefined when that is a while ago.
 */
export function lastComplaint(): string | undefined {
  return complaint && performance.now() - complaint.at < COMPLAINT_MS
    ? refusalIn(complaint.text).message
    : undefined;
}
