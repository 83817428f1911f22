import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import DataLoader from 'dataloader';
import pg from 'pg';
import { reasonOf } from '@app/servers/reason-of';
import { noteOrigin } from '@app/servers/server-of';
import { AnswerWatch } from './answer-watch';
import { checkServer } from './check-server';
import './pg.environment';
import {
  beginStatement,
  sessionStatement,
  settingsStatement,
  type Begun,
  type Settings,
  type Transaction,
} from './settings';
import { isGone, leavesServer, OtherDatabase, SerializationFailure } from './sqlstate';
import { together } from './together';
import { pools, transactionsTotal } from './warehouse-metrics';
import { WatchedClient } from './watched-client';

// Times of the source stay texts (a Date would move them), and JSON stays the text that was stored.
for (const oid of [pg.types.builtins.TIMESTAMP, pg.types.builtins.JSON]) {
  pg.types.setTypeParser(oid, (text) => text);
}

/**
 * A process that froze inside a transaction gives its locks back after this time; no batch waits so long between two
 * statements.
 */
const IDLE_IN_TRANSACTION = '20s';
/** No statement of a batch takes this long unless something is wrong; a batch that was cut off is repeated. */
const STATEMENT_MS = 60_000;
/**
 * PostgreSQL says itself that a statement has reached its limit. Who hears nothing for so long after that has lost it.
 */
const LATE_MS = 5_000;
const CONNECT_MS = 5_000;
/**
 * The questions are prepared, and indexes answer them: a plan that was made while a table was small would read it in
 * full when it is large.
 */
const BY_INDEX = { enable_seqscan: 'off' };
/** Where one poll waits for a lock, the others do not wait with it. */
const UNBLOCKED = { ...BY_INDEX, lock_timeout: '100ms' };
/** When a dead connection is found by the operating system, if by nothing else. */
const KEEP_ALIVE_MS = 10_000;

export type Client = pg.ClientBase;
type Work<T> = (client: Client) => Promise<T>;

/** What a piece of work needs beyond what its warehouse gives to all. */
export interface Limits {
  /** After so many milliseconds PostgreSQL ends a statement; 0: never. */
  statementMs?: number;
  /** Settings of PostgreSQL. */
  settings?: Settings;
}

/** The answer to COMMIT was not COMMIT: the transaction had been aborted before. */
export class NotCommitted extends Error {
  constructor(command: string) {
    super(`PostgreSQL answered ${command} to COMMIT`);
    noteOrigin('postgresql', this);
  }
}

/** Nothing can be written. 25006: read_only_sql_transaction. */
export class ReadOnlyServer extends Error {
  readonly code = '25006';

  constructor() {
    super(
      'PostgreSQL at DATABASE_URL takes no writes: it is a standby, or default_transaction_read_only is on (as where the disk is nearly full)',
    );
    noteOrigin('postgresql', this);
  }
}

/**
 * The connections to the warehouse, made when they are needed, so that a service starts while PostgreSQL is down.
 *
 * All work is done in transactions, whose limits and settings belong to them alone: a pooler may give each of them
 * another connection of its own. Nothing is left in a session.
 */
@Injectable()
export class Warehouse implements OnApplicationShutdown {
  private readonly logger = new Logger(Warehouse.name);
  private readonly pool: pg.Pool;
  private readonly clients = new Set<WatchedClient>();
  private readonly checked = new WeakSet<WatchedClient>();
  /** Connections to a server that is not to be used any more. */
  private readonly left = new WeakSet<WatchedClient>();
  private identity?: string;
  /** Since a table or schema turned out to be missing. */
  private isEmpty = false;
  private readonly listeners: (() => void)[] = [];
  /** Grows whenever the database turns out to be another one. */
  generation = 0;
  private readonly watch: AnswerWatch;
  private readonly polls = new DataLoader(
    (works: readonly Work<unknown>[]) =>
      this.read((client) => together(...works.map((work) => work(client))), { settings: UNBLOCKED }),
    { cache: false },
  );

  /**
   * @param statementMs after so many milliseconds PostgreSQL ends a statement; 0: never
   * @param settings of PostgreSQL, for each transaction
   */
  constructor(
    databaseUrl: string,
    service: string,
    connections: number,
    private readonly statementMs = STATEMENT_MS,
    private readonly settings: Settings = {},
  ) {
    const config = {
      connectionString: databaseUrl,
      application_name: `order-vault ${service}`,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    };
    this.pool = new pg.Pool({
      ...config,
      Client: WatchedClient,
      // A statement is sent without waiting for the answers to those before it.
      pipeline: true,
      max: connections,
      connectionTimeoutMillis: CONNECT_MS,
    } as pg.PoolConfig);
    this.pool.on('connect', (client: unknown) => this.clients.add(client as WatchedClient));
    this.pool.on('remove', (client: unknown) => this.clients.delete(client as WatchedClient));
    // The pool drops a connection that breaks while nobody uses it, and makes another when one is needed.
    this.pool.on('error', (error) => this.logger.warn(`a pooled connection broke: ${reasonOf(error)}`));
    this.watch = new AnswerWatch(config, this.clients);
    pools.set(service, this.pool);
  }

  /**
   * Runs the work in one transaction (read committed) and returns only when it is durable.
   * @throws NotCommitted when the transaction had been aborted; ReadOnlyServer; OtherDatabase; else what the work or
   *   the driver throws
   */
  async transaction<T>(work: Work<T>): Promise<T> {
    return this.inTransaction({ isolation: 'READ COMMITTED', readOnly: false }, work);
  }

  /**
   * As {@link transaction}, by one replica at a time. The lock ends with the transaction, so a frozen replica loses it
   * when PostgreSQL ends its idle transaction.
   * @returns what the work returns; false where another replica holds the lock, and nothing was done
   */
  async alone(lock: string, work: Work<boolean>): Promise<boolean> {
    return this.transaction(async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS locked',
        [lock],
      );
      return rows[0]!.locked && work(client);
    });
  }

  /** Runs work that writes nothing: each statement sees what was committed before it. */
  async read<T>(work: Work<T>, limits?: Limits): Promise<T> {
    return this.inTransaction({ isolation: 'READ COMMITTED', readOnly: true }, work, limits);
  }

  /**
   * As {@link read}, for what is asked again and again and answered by indexes, as whether there is something to do:
   * what is asked in one turn of the event loop shares a transaction and a round trip. Where that fails each is asked
   * alone, so that nobody goes without an answer for another's sake.
   */
  async poll<T>(work: Work<T>): Promise<T> {
    return this.polls.load(work).catch(() => this.read(work, { settings: BY_INDEX })) as Promise<T>;
  }

  /** Runs work that writes nothing: all statements see what was committed before the first. */
  async snapshot<T>(work: Work<T>, limits?: Limits): Promise<T> {
    return this.inTransaction({ isolation: 'REPEATABLE READ', readOnly: true }, work, limits);
  }

  /** As {@link snapshot}, for work that may make temporary tables too. */
  async snapshotForTemporaryTables<T>(work: Work<T>, limits?: Limits): Promise<T> {
    return this.inTransaction({ isolation: 'REPEATABLE READ', readOnly: false }, work, limits);
  }

  /**
   * Runs the work on a connection of its own, each statement a transaction: for what outlives a transaction, as
   * temporary tables do.
   * @throws where a pooler stands between
   */
  async session<T>(work: Work<T>): Promise<T> {
    const client = await this.connect();
    try {
      client.transaction = { pid: client.announcedPid };
      client.answerMs = answerMs(this.statementMs);
      const { rows } = await client.query<{ pid: number }>(
        sessionStatement({ ...limitsOf(this.statementMs), ...this.settings }),
      );
      if (rows[0]!.pid !== client.announcedPid) {
        const reason = 'a pooler answers at DATABASE_URL: this work needs the address of PostgreSQL itself';
        throw noteOrigin('postgresql', new Error(reason));
      }
      return await work(client);
    } finally {
      client.release(true);
    }
  }

  /** @param forget called when the database is another one: what is remembered of its rows no longer holds */
  onOtherDatabase(forget: () => void): void {
    this.listeners.push(forget);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
    this.watch.stop();
  }

  private async inTransaction<T>(kind: Transaction, work: Work<T>, limits?: Limits): Promise<T> {
    const client = await this.connect();
    let isUsable = true;
    try {
      await this.begin(client, kind, limits);
      const { generation } = this;
      const result = await work(client);
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') {
        throw new NotCommitted(command);
      }
      this.count(kind, 'committed');
      if (generation !== this.generation) {
        throw new OtherDatabase();
      }
      this.isEmpty &&= kind.readOnly;
      return result;
    } catch (error) {
      this.count(kind, 'rolled_back');
      await client.query('ROLLBACK').catch(() => (isUsable = false));
      this.note(error);
      throw error;
    } finally {
      client.transaction = undefined;
      client.release(!isUsable || this.left.has(client));
    }
  }

  private async begin(
    client: WatchedClient,
    kind: Transaction,
    { statementMs = this.statementMs, settings }: Limits = {},
  ): Promise<void> {
    client.transaction = { pid: client.announcedPid };
    client.answerMs = answerMs(statementMs);
    const all = { ...limitsOf(statementMs), ...this.settings, ...settings };
    const { pid, begun, isReadOnly, identity } = await this.open(client, kind, all);
    client.transaction = { pid, begun };
    if (!this.checked.has(client)) {
      await checkServer(client, all.idle_in_transaction_session_timeout!);
      this.checked.add(client);
    }
    if (isReadOnly && !kind.readOnly) {
      throw new ReadOnlyServer();
    }
    if (identity !== null && identity !== this.identity) {
      this.meet(client, identity);
    }
  }

  /**
   * Begins, and again where a pooler has lost the prepared statement of the settings: nothing has been done yet, and
   * not all that uses the warehouse repeats its work.
   */
  private async open(client: WatchedClient, kind: Transaction, settings: Settings): Promise<Begun> {
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        const [, { rows }] = await together(
          client.query(beginStatement(kind, settings)),
          client.query<Begun>(settingsStatement(settings)),
        );
        return rows[0]!;
      } catch (error) {
        if (isRepeated || !(error instanceof SerializationFailure)) {
          throw error;
        }
        await client.query('ROLLBACK');
      }
    }
  }

  /** @throws OtherDatabase unless this is the first database that is met */
  private meet(client: WatchedClient, identity: string): void {
    const isFirst = this.identity === undefined;
    this.identity = identity;
    if (!isFirst) {
      this.leaveServer();
      this.left.delete(client);
      this.change();
      throw new OtherDatabase();
    }
  }

  private change(): void {
    this.generation += 1;
    this.listeners.forEach((forget) => forget());
  }

  private note(error: unknown): void {
    if (leavesServer(error)) {
      this.leaveServer();
    } else if (isGone(error) && !this.isEmpty) {
      // Whatever is there afterwards is not what was there.
      this.isEmpty = true;
      this.change();
    }
  }

  /** The connections that are there are not used any more: new ones may reach another server. */
  private leaveServer(): void {
    for (const client of this.clients) {
      this.left.add(client);
    }
  }

  private count({ readOnly }: Transaction, result: 'committed' | 'rolled_back'): void {
    if (!readOnly) {
      transactionsTotal.inc({ result });
    }
  }

  private async connect(): Promise<WatchedClient & pg.PoolClient> {
    try {
      for (;;) {
        const client = (await this.pool.connect()) as WatchedClient & pg.PoolClient;
        if (!this.left.has(client)) {
          return client;
        }
        client.release(true);
      }
    } catch (error) {
      throw connectionError(error as NodeJS.ErrnoException | AggregateError);
    }
  }
}

function limitsOf(statementMs: number): Settings {
  return {
    statement_timeout: String(statementMs),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
  };
}

function answerMs(statementMs: number): number {
  return statementMs > 0 ? statementMs + LATE_MS : 0;
}

/** A host with several addresses is refused with an error that holds one for each and says nothing itself. */
function connectionError(error: NodeJS.ErrnoException | AggregateError): Error {
  const errors: NodeJS.ErrnoException[] = error instanceof AggregateError ? error.errors : [error];
  const reasons = errors.map(({ message, code }) => message || code);
  const reason = `PostgreSQL cannot be used, see DATABASE_URL: ${reasons.join(', ')}`;
  return noteOrigin('postgresql', new Error(reason, { cause: error }));
}
