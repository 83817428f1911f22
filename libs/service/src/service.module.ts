import { Module, type DynamicModule, type FactoryProvider, type Type } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TerminusModule } from '@nestjs/terminus';
import { CONCURRENT_PARTITIONS } from '@app/batches/batch.server';
import { ConsumerLag } from '@app/kafka/consumer-lag';
import { ConsumerProgress } from '@app/batches/consumer-progress';
import { kafkaClient } from '@app/kafka/kafka-client';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { Refusals } from '@app/servers/refusals';
import { Positions } from '@app/batches/positions';
import { checkSchema } from '@app/warehouse/schema-version';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { readEnvironment, type ServiceEnvironment } from './environment';
import { DEPENDENCIES, HealthController, type Dependency } from './health.controller';
import { MetricsController } from './metrics.controller';
import { NewestVersion } from './newest-version';
import { ReportStateJob } from './report-state.job';
import { TickJobs } from './tick-jobs';
import { WatchConsumerJob } from './watch-consumer.job';
import { WatchLagJob } from './watch-lag.job';
import { WaitingMetrics } from './waiting-metrics';
import type { Parked } from './write-state';

/** Beside the batches: one connection for jobs, one for the health routes. */
const CONNECTIONS = CONCURRENT_PARTITIONS + 2;

export interface ServiceOptions<T extends ServiceEnvironment> {
  name: 'stg' | 'dds' | 'cdm';
  environment: Type<T>;
  /** What the service needs beside Kafka and PostgreSQL: a provider class with a name and a check. */
  dependencies?: Type<Dependency>[];
  /** The orders that wait, where some can. */
  parked?: (client: Client) => Promise<Parked[]>;
}

/** What the three services have in common: environment, warehouse, publisher, schedule, health and metrics. */
@Module({})
export class ServiceModule {
  static register<T extends ServiceEnvironment>(options: ServiceOptions<T>): DynamicModule {
    const { environment, dependencies = [] } = options;
    const connections = connectionsOf(options);
    return {
      module: ServiceModule,
      global: true,
      imports: [ScheduleModule.forRoot(), TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: environment, useFactory: () => readEnvironment(environment, process.env) },
        ...connections,
        ...dependencies,
        ConsumerProgress,
        Refusals,
        newestVersionOf(options),
        TickJobs,
        WaitingMetrics,
        WatchConsumerJob,
        watchLagJobOf(options),
        reportStateJobOf(options),
        checksOf(dependencies),
      ],
      exports: [
        environment,
        ...connections.map(({ provide }) => provide),
        ...dependencies,
        ConsumerProgress,
        Refusals,
        NewestVersion,
      ],
    };
  }
}

/** What talks to Kafka and PostgreSQL. */
function connectionsOf<T extends ServiceEnvironment>({
  name,
  environment,
}: ServiceOptions<T>): FactoryProvider<object>[] {
  return [
    {
      provide: Warehouse,
      useFactory: ({ DATABASE_URL }: T) => new Warehouse(DATABASE_URL, name, CONNECTIONS),
      inject: [environment],
    },
    {
      provide: Positions,
      useFactory: ({ KAFKA_GROUP_ID }: T, warehouse: Warehouse) => new Positions(warehouse, KAFKA_GROUP_ID),
      inject: [environment, Warehouse],
    },
    {
      provide: MessagePublisher,
      useFactory: (variables: T) =>
        new MessagePublisher(kafkaClient(`order-vault-${name}`, variables), {
          byHash: variables.PARTITION_BY === 'user',
        }),
      inject: [environment],
    },
    {
      provide: ConsumerLag,
      useFactory: (variables: T) => new ConsumerLag(kafkaClient(`order-vault-${name}`, variables)),
      inject: [environment],
    },
  ];
}

function newestVersionOf<T extends ServiceEnvironment>({
  environment,
}: ServiceOptions<T>): FactoryProvider<NewestVersion> {
  return {
    provide: NewestVersion,
    useFactory: ({ SOURCE_TIME_ZONE }: T) => new NewestVersion(SOURCE_TIME_ZONE),
    inject: [environment],
  };
}

function watchLagJobOf<T extends ServiceEnvironment>({
  environment,
}: ServiceOptions<T>): FactoryProvider<WatchLagJob> {
  return {
    provide: WatchLagJob,
    useFactory: ({ SOURCE_TOPIC, KAFKA_GROUP_ID }: T, broker: ConsumerLag, progress: ConsumerProgress) =>
      new WatchLagJob(SOURCE_TOPIC, KAFKA_GROUP_ID, broker, progress),
    inject: [environment, ConsumerLag, ConsumerProgress],
  };
}

function reportStateJobOf<T extends ServiceEnvironment>({
  name,
  environment,
  parked,
}: ServiceOptions<T>): FactoryProvider<ReportStateJob> {
  return {
    provide: ReportStateJob,
    useFactory: (variables: T, warehouse: Warehouse, progress: ConsumerProgress, newest: NewestVersion) =>
      new ReportStateJob(name, variables, warehouse, progress, newest, parked),
    inject: [environment, Warehouse, ConsumerProgress, NewestVersion],
  };
}

/** What the health routes check: the warehouse, and what the service depends on beside. */
function checksOf(dependencies: Type<Dependency>[]): FactoryProvider<Dependency[]> {
  return {
    provide: DEPENDENCIES,
    useFactory: (warehouse: Warehouse, ...others: Dependency[]) => [
      { name: 'postgresql' as const, check: () => warehouse.read(checkSchema) },
      ...others,
    ],
    inject: [Warehouse, ...dependencies],
  };
}
