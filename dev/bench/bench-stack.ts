import { Client } from 'pg';
import { migrate } from '../../ops/migrate/migrate';
import { openOrderSource, type OrderSource } from '../orders/order-source';
import { PipelineWatch } from '../services/pipeline-watch';
import { keep } from '../stack/stack-keeper';
import { down, startServer, status, stopServer, up, type StackEnvironment } from '../stack/stack';
import { createTopics } from '../../ops/topics/create-topics';

const STACK = 'bench';
/** As `npm run topics` makes them by default. */
const PARTITIONS = 6;

export interface StackSettings {
  /** Of each topic. */
  partitions?: number;
  /** Of PostgreSQL, as it reads it. */
  sharedBuffers?: string;
  /** Where PostgreSQL is not to vacuum by itself, which it does once a minute: in only one of two short phases. */
  autovacuum?: 'off';
}

/** Servers with empty tables and topics, and the connections of the benchmark to them. */
export interface BenchStack {
  environment: StackEnvironment;
  source: OrderSource;
  pipeline: PipelineWatch;
  /** To the tables that the services fill, as the owner of the server. */
  database: Client;
  /** Process ids by the name of the server; of those that run in containers there are none. */
  pids: Record<string, number>;
  /** Processes of PostgreSQL that answer the benchmark while it measures: what they take is no cost of an order. */
  answering: Set<number>;
  /** Version of PostgreSQL. */
  postgres: string;
}

/** Does the work on servers of its own, which are new and are gone afterwards, also when this process is killed. */
export async function onNewStack<T>(
  work: (stack: BenchStack) => Promise<T>,
  { partitions = PARTITIONS, sharedBuffers, autovacuum }: StackSettings = {},
): Promise<T> {
  await down(STACK); // of a call whose keeper was killed too
  const release = keep(STACK);
  try {
    console.log('  starting Kafka, PostgreSQL and Redis');
    const environment = await up(STACK);
    if (sharedBuffers !== undefined) {
      await shareBuffers(environment.DATABASE_URL, sharedBuffers);
    }
    await migrate(environment.DATABASE_URL);
    await createTopics(environment, { partitions, replicationFactor: -1 }, () => {});
    const database = await connect(environment.DATABASE_URL);
    await makePhasesAlike(database, autovacuum);
    const source = await openOrderSource({ ...process.env, ...environment }, true);
    const pipeline = await PipelineWatch.open(environment);
    try {
      const { rows } = await database.query<{ server_version: string }>('SHOW server_version');
      const postgres = rows[0]!.server_version;
      const answering = new Set([await backendOf(database)]);
      return await work({
        environment,
        source,
        pipeline,
        database,
        pids: await serverPids(),
        answering,
        postgres,
      });
    } finally {
      await Promise.all([source.close(), pipeline.close(), database.end()]);
    }
  } finally {
    await release();
  }
}

async function shareBuffers(address: string, size: string): Promise<void> {
  const database = await connect(address);
  await database.query(`ALTER SYSTEM SET shared_buffers = '${size}'`);
  await database.end();
  await stopServer(STACK, 'postgres');
  await startServer(STACK, 'postgres');
}

/** A migrated, empty database on the same server. Returns its address. */
export async function secondDatabase({ database, environment }: BenchStack): Promise<string> {
  await database.query('CREATE DATABASE floor');
  const url = new URL(environment.DATABASE_URL);
  url.pathname = '/floor';
  await migrate(url.href);
  return url.href;
}

export async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** The process of PostgreSQL behind a connection. */
export async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}

/**
 * What is measured second on a server must not find it easier: used files of the write-ahead log, which are cheaper
 * than new ones, are not used again. Nor may time alone put a checkpoint, after which whole pages are logged, into only
 * one of the two.
 */
async function makePhasesAlike(database: Client, autovacuum = 'on'): Promise<void> {
  await database.query('ALTER SYSTEM SET wal_recycle = off');
  await database.query(`ALTER SYSTEM SET checkpoint_timeout = '15min'`);
  await database.query(`ALTER SYSTEM SET autovacuum = ${autovacuum}`);
  await database.query('SELECT pg_reload_conf()');
}

async function serverPids(): Promise<Record<string, number>> {
  const servers = await status(STACK);
  return Object.fromEntries(servers.flatMap(({ server, pid }) => (pid === undefined ? [] : [[server, pid]])));
}
