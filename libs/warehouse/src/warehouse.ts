import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { noteOrigin } from '@app/servers/server-of';
import './pg.environment';
import { reasonOf } from './reason-of';
import { pools, querySeconds, transactionsTotal } from './warehouse.metrics';

// Times of the source stay texts (a Date would move them), and JSON stays the text that was stored.
for (const oid of [pg.types.builtins.TIMESTAMP, pg.types.builtins.JSON]) {
  pg.types.setTypeParser(oid, (text) => text);
}

/** A process that froze inside a transaction gives its locks back after this time; no batch waits so long between two statements. */
const IDLE_IN_TRANSACTION_MS = 30_000;
/** No statement of a batch takes this long unless something is wrong; a batch that was cut off is repeated. */
const STATEMENT_MS = 60_000;

export type Client = pg.ClientBase;

/**
 * A client that measures its statements, and has a listener for errors at all times. Between the pool, which takes its own away when it
 * hands a client out, and TypeORM, which adds one a moment later, an error of the connection would end the process. Whoever waits for an
 * answer gets it too.
 */
class ListeningClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const send = this.query.bind(this) as (...query: unknown[]) => unknown;
    // The driver writes the values while it sends; that is work of this process, and not measured.
    const query = (...args: unknown[]) => timed(send(...args));
    Object.assign(this, { query });
  }
}

function timed<T>(answer: T): T {
  if (answer instanceof Promise) {
    const end = querySeconds.startTimer();
    answer.then(
      () => end(),
      (error: unknown) => {
        end();
        noteOrigin('postgresql', error);
      },
    );
  }
  return answer;
}

/** The answer to COMMIT was not COMMIT: the transaction had been aborted before. */
export class NotCommitted extends Error {
  constructor(command: string) {
    super(`PostgreSQL answered ${command} to COMMIT`);
    noteOrigin('postgresql', this);
  }
}

/** The connection to the warehouse. It connects when first used, so that a service starts while PostgreSQL is down. */
@Injectable()
export class Warehouse implements OnApplicationShutdown {
  private readonly logger = new Logger(Warehouse.name);
  readonly dataSource: DataSource;
  private connecting?: Promise<unknown>;

  /**
   * @param entities TypeORM entities of the service's own schema
   * @param statementMs after so many milliseconds PostgreSQL ends a statement
   * @param settings of PostgreSQL, for these connections: `-c name=value ...`
   */
  constructor(
    databaseUrl: string,
    private readonly service: string,
    entities: NonNullable<DataSourceOptions['entities']>,
    connections: number,
    statementMs = STATEMENT_MS,
    settings?: string,
  ) {
    this.dataSource = new DataSource({
      type: 'postgres',
      applicationName: `order-vault ${service}`,
      entities,
      poolSize: connections,
      installExtensions: false,
      connectTimeoutMS: 5_000,
      // The pool drops a connection that breaks while nobody uses it, and makes another when one is needed.
      poolErrorHandler: (error: Error) => this.logger.warn(`a pooled connection broke: ${reasonOf(error)}`),
      extra: {
        Client: ListeningClient,
        // Not `url`, which TypeORM would take apart itself: the driver knows sslmode and sslrootcert.
        connectionString: databaseUrl,
        options: settings,
        statement_timeout: statementMs,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
        keepAlive: true,
      },
    });
  }

  /**
   * Runs the work in one transaction (read committed) and returns only when it is durable.
   * @throws NotCommitted when the transaction had been aborted; else what the work or the driver throws
   */
  async transaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      try {
        const result = await work(client);
        const { command } = await client.query('COMMIT');
        if (command !== 'COMMIT') {
          throw new NotCommitted(command);
        }
        transactionsTotal.inc({ result: 'committed' });
        return result;
      } catch (error) {
        transactionsTotal.inc({ result: 'rolled_back' });
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * As {@link transaction}, by one replica at a time. The lock ends with the transaction, so a frozen replica loses it when PostgreSQL
   * ends its idle transaction.
   * @returns what the work returns; false where another replica holds the lock, and nothing was done
   */
  async alone(lock: string, work: (client: Client) => Promise<boolean>): Promise<boolean> {
    return this.transaction(async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS locked',
        [lock],
      );
      return rows[0]!.locked && work(client);
    });
  }

  /** Runs the work on one connection, each statement a transaction of its own. */
  async withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    await this.connect();
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work((await runner.connect().catch(failConnection)) as Client);
    } finally {
      await runner.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connecting?.catch(() => undefined);
    if (this.dataSource.isInitialized) {
      await this.dataSource.destroy();
    }
  }

  private async connect(): Promise<void> {
    if (this.dataSource.isInitialized) {
      return;
    }
    this.connecting ??= this.dataSource
      .initialize()
      .catch(failConnection)
      .finally(() => (this.connecting = undefined));
    await this.connecting;
    pools.set(this.service, (this.dataSource.driver as unknown as { master: pg.Pool }).master);
  }
}

/** A host with several addresses is refused with an error that holds one for each and says nothing itself. */
function failConnection(error: NodeJS.ErrnoException | AggregateError): never {
  const errors: NodeJS.ErrnoException[] = error instanceof AggregateError ? error.errors : [error];
  const reasons = errors.map(({ message, code }) => message || code);
  const reason = `PostgreSQL cannot be used, see DATABASE_URL: ${reasons.join(', ')}`;
  throw noteOrigin('postgresql', new Error(reason, { cause: error }));
}
