import pg, { Client, Pool } from 'pg';
import { migrate } from '../../ops/migrate/migrate';
import { serviceLogins, type Login } from '../../dev/services/service-logins';

/** Times without a zone and JSON stay the texts that they are. */
const texts: number[] = [pg.types.builtins.TIMESTAMP, pg.types.builtins.JSON];
const types = {
  getTypeParser: ((oid: number, format: 'text') =>
    texts.includes(oid)
      ? (text: string) => text
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** A database of its own with the migrated schemas. */
export class ScratchDatabase {
  /** As the owner of the server. */
  readonly url: string;
  /** As a service or an operator, who may do no more than that. */
  loginUrls!: Record<Login, string>;
  readonly pool: Pool;

  /** @param server address of any database of the server */
  constructor(
    private readonly server: string,
    private readonly name: string,
  ) {
    const url = new URL(server);
    url.pathname = `/${name}`;
    this.url = url.href;
    this.pool = new Pool({ connectionString: this.url, max: 4, types });
    this.pool.on('error', () => {}); // a test may stop the server
  }

  async create({ migrated = true } = {}): Promise<void> {
    await this.onServer(`CREATE DATABASE ${this.name}`);
    this.loginUrls = await serviceLogins(this.url);
    if (migrated) {
      await this.migrate();
    }
  }

  async migrate(): Promise<void> {
    await migrate(this.url);
  }

  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Keeps everything as it is now, to be restored. The services must be stopped. */
  async backUp(): Promise<void> {
    await this.onServer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.name}'`,
    );
    await this.onServer(`CREATE DATABASE ${this.name}_backup TEMPLATE ${this.name}`);
  }

  /** Loses everything since {@link backUp}. The services must be stopped. */
  async restore(): Promise<void> {
    await this.onServer(`DROP DATABASE ${this.name} WITH (FORCE)`);
    await this.onServer(`ALTER DATABASE ${this.name}_backup RENAME TO ${this.name}`);
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.onServer(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }

  private async onServer(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
