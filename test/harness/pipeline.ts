import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PARKED_ORDERS } from '../../apps/stg/src/staging/parked-orders';
import type { StackEnvironment } from '../../dev/stack/stack';
import type { Login } from '../../dev/services/service-logins';
import { CitusDatabase, citusUrl } from './citus-database';
import { ScratchDatabase } from './scratch-database';
import { ScratchDictionary } from './scratch-dictionary';
import { ScratchTopics, type SendOptions, type SentMessage, type StoredMessage } from './scratch-topics';
import { ServiceProcess, type Build, type ServiceName } from './service-process';

/** What each service reads and writes, by the names of `npm run topics`. */
const routes = {
  stg: { source: 'order-service_orders', output: 'stg-service-orders', deadLetters: 'stg-service-dlq' },
  dds: { source: 'stg-service-orders', output: 'dds-service-orders', deadLetters: 'dds-service-dlq' },
  cdm: { source: 'dds-service-orders', output: 'cdm-service-user-tags', deadLetters: 'cdm-service-dlq' },
} as const;
/** The topic that each service reads. */
export const sources = { stg: routes.stg.source, dds: routes.dds.source, cdm: routes.cdm.source } as const;
const names: ServiceName[] = ['stg', 'dds', 'cdm'];

const SETTLE_MS = 180_000;
/** A look asks Kafka four times, or PostgreSQL once, which are busy with what is waited for. */
const LOOK_MS = 250;

export interface Preparation {
  migrated?: boolean;
  variables?: Partial<Record<ServiceName, Record<string, string>>>;
}

/** Addresses of any database of the server on which a layer is, where it is not that of the stack. */
export type Servers = Partial<Record<ServiceName, string>>;

/** The three services with a database, topics, groups and a dictionary that nobody else uses. */
export class Pipeline {
  /** Where each layer is: the same database for all that share a server. */
  readonly databases: Readonly<Record<ServiceName, ScratchDatabase>>;
  readonly dictionary: ScratchDictionary;
  readonly topics: ScratchTopics;
  /** Where the services write their logs. */
  readonly logs: string;
  private readonly suffix: string;
  private readonly processes: ServiceProcess[] = [];

  constructor(
    private readonly stack: StackEnvironment,
    {
      partitions = 6,
      replicas,
      servers = {},
    }: { partitions?: number; replicas?: number; servers?: Servers } = {},
  ) {
    this.suffix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    this.logs = join(tmpdir(), `order-vault-logs-${this.suffix}`);
    this.databases = databasesOn(
      names.map((name) => servers[name] ?? stack.DATABASE_URL),
      `test_${this.suffix}`,
    );
    this.dictionary = new ScratchDictionary(stack.REDIS_URL);
    this.topics = new ScratchTopics(stack.KAFKA_BROKERS, this.suffix, partitions, replicas);
  }

  /** That of the marts, and of all layers where none has a server of its own. */
  get database(): ScratchDatabase {
    return this.databases.cdm;
  }

  /**
   * Makes what the services need; none runs yet.
   * @param migrated whether the schemas are there
   * @param variables those that a service has differently
   */
  async prepare({ migrated = true, variables = {} }: Preparation = {}): Promise<void> {
    mkdirSync(this.logs);
    await Promise.all([
      ...this.eachDatabase((database) => database.create({ migrated })),
      this.dictionary.claim(),
      this.topics.create(),
    ]);
    names.forEach((name) => this.replica(name, variables[name]));
  }

  /** Starts the services, one replica each, and returns when they are ready. */
  async start(): Promise<void> {
    await Promise.all(names.map((name) => this.service(name).start()));
  }

  /** The first replica of a service. */
  service(name: ServiceName): ServiceProcess {
    return this.processes.find((process) => process.name === name)!;
  }

  /**
   * One more replica, not yet started.
   * @param changes variables that it has differently
   * @param build another than the one that is shipped
   */
  replica(name: ServiceName, changes: Record<string, string> = {}, build?: Build): ServiceProcess {
    const { source, output, deadLetters } = routes[name];
    const environment = {
      KAFKA_BROKERS: this.stack.KAFKA_BROKERS,
      DATABASE_URL: this.databases[name].loginUrls[name],
      REDIS_URL: this.dictionary.url,
      SOURCE_TOPIC: this.topics.name(source),
      OUTPUT_TOPIC: this.topics.name(output),
      DEAD_LETTER_TOPIC: this.topics.name(deadLetters),
      KAFKA_GROUP_ID: this.group(name),
      LOG_LEVEL: 'debug',
      // Tests compare tables, and change rows by hand: those of the auditor have one of their own.
      ...(name === 'cdm' ? { AUDIT: 'off', ...this.otherDatabases() } : {}),
      ...changes,
    };
    const number = this.processes.filter((process) => process.name === name).length + 1;
    const replica = new ServiceProcess(name, environment, join(this.logs, `${name}-${number}.log`), build);
    this.processes.push(replica);
    return replica;
  }

  /** The environment of a tool that works on all layers. */
  toolEnvironment(login: Login = 'operator'): Record<string, string> {
    const { stg, dds, cdm } = this.databases;
    return {
      STG_DATABASE_URL: stg.loginUrls[login],
      DDS_DATABASE_URL: dds.loginUrls[login],
      CDM_DATABASE_URL: cdm.loginUrls[login],
    };
  }

  /** Sends messages of the source, in their order. */
  sendOrders(messages: SentMessage[], options?: SendOptions): Promise<StoredMessage[]> {
    return this.topics.send(routes.stg.source, messages, options);
  }

  /** Everything that a service has sent on. */
  outputs(name: ServiceName): Promise<StoredMessage[]> {
    return this.topics.read(routes[name].output);
  }

  /** In the order of the messages that were refused: those of one partition may lie in several of the dead letters. */
  async deadLetters(name: ServiceName): Promise<StoredMessage[]> {
    const letters = await this.topics.read(routes[name].deadLetters);
    return letters
      .map((letter) => ({ letter, place: placeOf(letter) }))
      .sort((a, b) => a.place.partition - b.place.partition || a.place.offset - b.place.offset)
      .map(({ letter }) => letter);
  }

  /** What a service has not yet read, a line for each such partition. */
  unread(name: ServiceName): Promise<string[]> {
    return this.topics.unread(routes[name].source, this.group(name));
  }

  /**
   * Waits until there is nothing left to do: every message is read, every parked order was tried again in vain, every
   * change of a name has reached the counters, every change of a tag rule all users. Each service is looked at after
   * the one before it had nothing left, so one look at each is enough.
   * @throws saying what is outstanding, when that takes too long or a service has ended
   */
  async settled(milliseconds = SETTLE_MS): Promise<void> {
    const deadline = Date.now() + milliseconds;
    for (const name of names) {
      await this.until(() => this.unread(name), deadline);
      if (name === 'stg') {
        await this.parkedOrdersTried(deadline);
      }
    }
    await this.until(() => this.jobsOfMarts(), deadline);
  }

  /** Lets all services read their topics from the beginning once more, with the tables as they are. */
  async replay(): Promise<void> {
    await this.stopServices();
    await this.topics.rewind(names.map((name) => this.group(name)));
    await this.start();
  }

  /**
   * Takes all replicas of a service out of its group. One that has died, or that is frozen, would hold its partitions
   * until its session expires, which takes ten seconds. There must be one broker.
   */
  evict(name: ServiceName): Promise<void> {
    return this.topics.evict(this.group(name));
  }

  /** How the log of every service ends. */
  tails(): string {
    return this.processes.map((process) => process.tail()).join('\n');
  }

  async stopServices(): Promise<void> {
    await Promise.all(this.processes.filter(({ running }) => running).map((process) => process.stop()));
  }

  /** Removes everything again. */
  async remove({ keepLogs = false } = {}): Promise<void> {
    const running = this.processes.filter((process) => process.running);
    await Promise.all(running.map((process) => process.kill()));
    await Promise.all([
      ...this.eachDatabase((database) => database.drop()),
      this.dictionary.release(),
      this.topics.delete(names.map((name) => this.group(name))),
    ]);
    if (!keepLogs) {
      rmSync(this.logs, { recursive: true, force: true });
    }
  }

  /** The consumer group of a service. */
  group(name: ServiceName): string {
    return `${name}-service-${this.suffix}`;
  }

  /**
   * A parked order waits up to a quarter of a minute for its next attempt, which is made due at once here. One that is
   * under way is waited for first: those that end later begin after this call, hence meet the dictionary as it is now.
   */
  private async parkedOrdersTried(deadline: number): Promise<void> {
    const database = this.databases.stg;
    await database.rows(
      'SELECT pg_advisory_xact_lock(hashtext($1)) WHERE EXISTS (SELECT FROM stg.pending_orders)',
      [PARKED_ORDERS],
    );
    const before = await database.rows<{ version: string; attempts: number }>(
      `SELECT object_id || ' ' || order_version AS version, attempts FROM stg.pending_orders WHERE released_at IS NULL`,
    );
    const attemptsBefore = new Map(before.map(({ version, attempts }) => [version, attempts]));
    await this.until(async () => {
      const parked = await database.rows<{ version: string; attempts: number; released: boolean }>(
        `SELECT object_id || ' ' || order_version AS version, attempts, released_at IS NOT NULL AS released
         FROM stg.pending_orders ORDER BY object_id, order_version`,
      );
      const untried = parked.filter(
        ({ version, attempts, released }) => !released && attempts === attemptsBefore.get(version),
      );
      await database.rows(
        `UPDATE stg.pending_orders SET next_attempt_at = now()
         WHERE released_at IS NULL AND next_attempt_at > now() AND object_id || ' ' || order_version = ANY ($1)`,
        [untried.map(({ version }) => version)],
      );
      return [
        ...untried.map(({ version }) => `the parked order ${version} is not tried again`),
        ...parked
          .filter(({ released }) => released)
          .map(({ version }) => `the released order ${version} is not published`),
      ];
    }, deadline);
  }

  private async jobsOfMarts(): Promise<string[]> {
    const rows = await this.database.rows<{ left: string }>(`
      SELECT 'the new name of product ' || product_id || ' is not in all counters' AS left
      FROM cdm.product_names WHERE spreading
      UNION ALL
      SELECT 'the new name of restaurant ' || restaurant_id || ' is not in all counters'
      FROM cdm.restaurant_names WHERE spreading
      UNION ALL
      SELECT 'the evaluation ' || id || ' of tags is not over' FROM cdm.tag_evaluations
      UNION ALL
      SELECT 'the tag event ' || event_id || ' is not published' FROM cdm.user_tag_events WHERE published_at IS NULL`);
    return rows.map(({ left }) => left);
  }

  /** Where cdm finds the state of the others. */
  private otherDatabases(): Record<string, string> {
    const { stg, dds, cdm } = this.databases;
    return {
      ...(stg !== cdm && { STG_DATABASE_URL: stg.loginUrls.cdm }),
      ...(dds !== cdm && { DDS_DATABASE_URL: dds.loginUrls.cdm }),
    };
  }

  private eachDatabase(work: (database: ScratchDatabase) => Promise<void>): Promise<void>[] {
    return [...new Set(Object.values(this.databases))].map(work);
  }

  private async until(outstanding: () => Promise<string[]>, deadline: number): Promise<void> {
    for (;;) {
      const left = await outstanding();
      if (left.length === 0) {
        return;
      }
      const victim = this.processes.find(({ crashed }) => crashed);
      if (victim) {
        throw new Error(`${victim.name} has ended\n${victim.tail()}`);
      }
      if (Date.now() > deadline) {
        const more = left.length > 10 ? [`and ${left.length - 10} more`] : [];
        throw new Error(
          `not settled in time:\n${[...left.slice(0, 10), ...more].join('\n')}\n${this.tails()}`,
        );
      }
      await sleep(LOOK_MS);
    }
  }
}

/** @param servers in the order of the services */
function databasesOn(servers: string[], name: string): Record<ServiceName, ScratchDatabase> {
  const known = new Map(servers.map((server) => [server, databaseOn(server, name)]));
  const [stg, dds, cdm] = servers.map((server) => known.get(server)!);
  return { stg: stg!, dds: dds!, cdm: cdm! };
}

function databaseOn(server: string, name: string): ScratchDatabase {
  return server === citusUrl ? new CitusDatabase(server, name) : new ScratchDatabase(server, name);
}

/** Where a message lay before it was refused; the message itself may have had headers of these names before ours. */
function placeOf({ headerList }: StoredMessage): { partition: number; offset: number } {
  const last = new Map(headerList!.map(([name, value]) => [String(name), Number(value)]));
  return { partition: last.get('dlq.partition')!, offset: last.get('dlq.offset')! };
}
