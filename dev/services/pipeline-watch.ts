import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool } from 'pg';
import type { StackEnvironment } from '../stack/stack';
import type { ServiceName } from './local-services';

/** What each service reads, and as which consumer group. */
const groups = {
  stg: { topic: 'order-service_orders', groupId: 'stg-service' },
  dds: { topic: 'stg-service-orders', groupId: 'dds-service' },
  cdm: { topic: 'dds-service-orders', groupId: 'cdm-service' },
} as const;

export interface PipelineState {
  /** Orders that each layer holds. */
  stg: number;
  dds: number;
  cdm: number;
  /** Messages that a service has not finished yet, all services together. */
  lag: number;
  /** Order versions that wait for a dictionary entry. */
  parked: number;
}

/** Looks at the pipeline from outside: tables and offsets. */
export class PipelineWatch {
  private constructor(
    private readonly database: Pool,
    private readonly kafka: Admin,
  ) {}

  static async open({ DATABASE_URL, KAFKA_BROKERS }: StackEnvironment): Promise<PipelineWatch> {
    const database = new Pool({ connectionString: DATABASE_URL, max: 1, idleTimeoutMillis: 0 });
    // A connection that breaks while nothing is asked: the next question opens another one, or says why it cannot.
    database.on('error', () => {});
    const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).admin();
    await Promise.all([database.query('SELECT'), kafka.connect()]);
    return new PipelineWatch(database, kafka);
  }

  async close(): Promise<void> {
    await Promise.all([this.database.end(), this.kafka.disconnect()]);
  }

  async state(): Promise<PipelineState> {
    const [{ rows }, lag] = await Promise.all([
      this.database.query<Omit<PipelineState, 'lag'>>(/* sql */ `
        SELECT (SELECT count(*)::integer FROM stg.order_events) AS stg,
          (SELECT count(*)::integer FROM dds.h_order) AS dds,
          (SELECT count(*)::integer FROM cdm.order_versions) AS cdm,
          (SELECT count(*)::integer FROM stg.pending_orders) AS parked`),
      this.lagOfAll(),
    ]);
    return { ...rows[0]!, lag };
  }

  /** Messages that a service has not finished yet. Its outputs are in the next topic before they count as finished. */
  async lag(service: ServiceName): Promise<number> {
    const { topic, groupId } = groups[service];
    const [ends, [committed]] = await Promise.all([
      this.kafka.fetchTopicOffsets(topic),
      this.kafka.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    return ends.reduce((sum, { partition, high, low }) => {
      const { offset = '-1' } = committed?.partitions.find((one) => one.partition === partition) ?? {};
      return sum + Number(high) - Math.max(Number(offset), Number(low));
    }, 0);
  }

  /** Rows of each table, by schema. */
  async rows(): Promise<{ schema: string; table: string; rows: number }[]> {
    const { rows: tables } = await this.database.query<{ schema: string; table: string }>(/* sql */ `
      SELECT schemaname AS schema, tablename AS table FROM pg_tables
      WHERE schemaname IN ('stg', 'dds', 'cdm') ORDER BY array_position('{stg,dds,cdm}', schemaname::text), tablename`);
    const counted = [];
    for (const { schema, table } of tables) {
      const { rows } = await this.database.query<{ rows: number }>(
        `SELECT count(*)::integer AS rows FROM ${schema}.${table}`,
      );
      counted.push({ schema, table, rows: rows[0]!.rows });
    }
    return counted;
  }

  async mostPopularDishes(limit: number): Promise<{ name: string; orders: number; users: number }[]> {
    const { rows } = await this.database.query<{ name: string; orders: number; users: number }>(
      /* sql */ `
      SELECT product_name AS name, sum(order_cnt)::integer AS orders, count(*)::integer AS users
      FROM cdm.user_product_counters GROUP BY product_id, product_name ORDER BY orders DESC, name LIMIT $1`,
      [limit],
    );
    return rows;
  }

  /** How many users hold each tag, the most first. */
  async tags(): Promise<{ tag: string; users: number }[]> {
    const { rows } = await this.database.query<{ tag: string; users: number }>(
      'SELECT tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag ORDER BY users DESC, tag',
    );
    return rows;
  }

  async deadLetters(): Promise<number> {
    const topics = ['stg-service-dlq', 'dds-service-dlq', 'cdm-service-dlq'];
    const offsets = await Promise.all(topics.map((topic) => this.kafka.fetchTopicOffsets(topic)));
    return offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  }

  /** In the order of the flow, so that 0 means that nothing is left between the services either. */
  private async lagOfAll(): Promise<number> {
    return (await this.lag('stg')) + (await this.lag('dds')) + (await this.lag('cdm'));
  }
}
