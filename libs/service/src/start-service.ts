import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { Logger, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BatchServer } from '@app/batches/batch.server';
import { ConsumerProgress } from '@app/batches/consumer-progress';
import { kafkaConfig } from '@app/kafka/kafka-client';
import '@app/kafka/kafkajs-metadata';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { Refusals } from '@app/servers/refusals';
import { Positions } from '@app/batches/positions';
import { startTracing, traces } from '@app/tracing/tracing';
import { readEnvironment, type ServiceEnvironment } from './environment';
import { judge } from './judge';
import { PinoLogger } from './pino.logger';

/** A batch that takes longer is abandoned: its offsets have not moved, so the replica that reads it next does it. */
export const GRACE_MS = 12_000;
/**
 * The consumer is closed after the last HTTP answer. One that takes longer, to a slow client perhaps, is broken off.
 */
const ANSWER_MS = 2_000;
/**
 * A proxy in front keeps idle connections for 60 s (AWS), 75 s (nginx) or 600 s (Google), and answers 502 where one
 * that it takes for open has just been closed. So this side is not the first to close; Node's own default is 5 s.
 */
const KEEP_ALIVE_MS = 620_000;

/**
 * How much the heap may grow between two collections of garbage. Left to itself it grows further and stays so: a
 * service that catches up would hold 400 MiB to work with 100. Room for new objects is limited where Node is started
 * (docs/decisions/0065).
 */
const HEAP_GROWTH_PERCENT = 210;

export interface Service<T extends ServiceEnvironment> {
  name: 'stg' | 'dds' | 'cdm';
  module: Type<unknown>;
  environment: Type<T>;
  /** The pattern of the service's one handler of batches. */
  pattern: string;
  /**
   * What the service's own HTTP routes need of the application before it listens. No body of a request is parsed unless
   * this says so.
   */
  prepare?: (app: NestExpressApplication) => void;
}

/**
 * Starts a service: first its HTTP routes, so that probes get answers while servers are still down, then the consumer,
 * which waits for them.
 */
export async function startService<T extends ServiceEnvironment>(service: Service<T>): Promise<void> {
  let app: NestExpressApplication | undefined;
  stopOnSignals(() => app);
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const environment = environmentOrExit(service.environment);
  const logger = new PinoLogger(service.name, environment.LOG_LEVEL);
  Logger.overrideLogger(logger);
  // Node would print all members of the error, and secrets may be among them.
  process.on('uncaughtException', (error) => {
    logger.fatal(error, 'process');
    process.exit(1);
  });
  // Node would print them as text between the lines of JSON.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => logger.warn(`${name}: ${message}`, 'process'));
  await startTracing(service.name, service.name === 'stg', environment);
  app = await NestFactory.create<NestExpressApplication>(service.module, { logger, bodyParser: false });
  service.prepare?.(app);
  app.connectMicroservice({ strategy: batchServer(app, service, environment) });
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  await app.listen(environment.PORT);
  await app.startAllMicroservices();
  new Logger(service.name).log(`reads ${environment.SOURCE_TOPIC}, listens on port ${environment.PORT}`);
}

function environmentOrExit<T extends ServiceEnvironment>(environment: Type<T>): T {
  try {
    return readEnvironment(environment, process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

function batchServer<T extends ServiceEnvironment>(
  app: INestApplication,
  service: Service<T>,
  environment: T,
): BatchServer {
  return new BatchServer({
    service: service.name,
    client: kafkaConfig(`order-vault-${service.name}`, environment),
    groupId: environment.KAFKA_GROUP_ID,
    sourceTopic: environment.SOURCE_TOPIC,
    pattern: service.pattern,
    outputTopic: environment.OUTPUT_TOPIC,
    deadLetterTopic: environment.DEAD_LETTER_TOPIC,
    publisher: app.get(MessagePublisher),
    progress: app.get(ConsumerProgress),
    refusals: app.get(Refusals),
    positions: app.get(Positions),
    judge,
  });
}

/**
 * Nest's own hooks would end the process by the signal again, which is no clean exit; a second signal changes nothing.
 * Before there is an application, nothing has begun.
 */
function stopOnSignals(running: () => NestExpressApplication | undefined): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) {
      return;
    }
    stopping = true;
    const app = running();
    if (!app) {
      process.exit(0);
    }
    new Logger('process').log(`stops: ${signal}`);
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    setTimeout(() => app.getHttpServer().closeAllConnections(), ANSWER_MS).unref();
    await app.close();
    await traces?.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
