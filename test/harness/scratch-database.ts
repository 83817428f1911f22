import pg, { Client, Pool } from 'pg';
import { serviceLogins, type Login } from '../../dev/services/service-logins';

/** Times without a zone and JSON stay the texts that they are. */
const texts: number[] = [pg.types.builtins.TIMESTAMP, pg.types.builtins.JSON];
const types = {
  getTypeParser: ((oid: number, format: 'text') =>
    texts.includes(oid)
      ? (text: string) => text
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** A database with the migrated schemas on each server, from which the others are copied: that takes a tenth. */
const TEMPLATE = 'test_template';
/** Any number that nothing else on the server locks. */
const TEMPLATE_LOCK = 4_815_162_342;

/** A database of its own with the migrated schemas. */
export class ScratchDatabase {
  /** As the owner of the server. */
  readonly url: string;
  /** As a service or an operator, who may do no more than that. */
  loginUrls!: Record<Login, string>;
  readonly pool: Pool;

  /** @param server address of any database of the server */
  constructor(
    protected readonly server: string,
    protected readonly name: string,
  ) {
    this.url = addressOf(server, name);
    this.pool = new Pool({ connectionString: this.url, max: 4, types });
    this.pool.on('error', () => {}); // a test may stop the server
  }

  async create({ migrated = true } = {}): Promise<void> {
    if (migrated) {
      await this.copyTemplate();
    } else {
      await this.onServer((client) => client.query(`CREATE DATABASE ${this.name}`));
    }
    await this.makeLogins();
  }

  protected async makeLogins(): Promise<void> {
    this.loginUrls = await serviceLogins(this.url);
  }

  migrate(): Promise<void> {
    return migrateAt(this.url);
  }

  /** Other tests may want the same at this moment: the first makes the template. */
  private async copyTemplate(): Promise<void> {
    await this.onServer(async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
      if (rowCount === 0) {
        const unfinished = `${TEMPLATE}_unfinished`;
        await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
        await client.query(`CREATE DATABASE ${unfinished}`);
        await migrateAt(addressOf(this.server, unfinished));
        await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
      }
      await client.query(`CREATE DATABASE ${this.name} TEMPLATE ${TEMPLATE}`);
    });
  }

  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Keeps everything as it is now, to be restored. The services must be stopped. */
  async backUp(): Promise<void> {
    await this.onServer(async (client) => {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.name}'`,
      );
      await client.query(`CREATE DATABASE ${this.name}_backup TEMPLATE ${this.name}`);
    });
  }

  /** Loses everything since {@link backUp}. The services must be stopped. */
  async restore(): Promise<void> {
    await this.onServer(async (client) => {
      await client.query(`DROP DATABASE ${this.name} WITH (FORCE)`);
      await client.query(`ALTER DATABASE ${this.name}_backup RENAME TO ${this.name}`);
    });
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.onServer((client) => client.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`));
  }

  private async onServer(work: (client: Client) => Promise<unknown>): Promise<void> {
    const client = new Client({ connectionString: this.server });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** TypeORM takes its time to load, and most tests need no migration of their own. */
async function migrateAt(url: string): Promise<void> {
  const { migrate } = await import('../../ops/migrate/migrate');
  await migrate(url);
}
