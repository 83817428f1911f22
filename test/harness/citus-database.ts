import { Client } from 'pg';
import { distribute } from '../../ops/distribute/distribute';
import { ScratchDatabase } from './scratch-database';

/** Topics of tests have six partitions. */
const SHARDS = 6;

/** Address of a database on the coordinator of a Citus cluster to which the workers were added; tests on it need it. */
export const citusUrl = process.env.CITUS_URL;

/** Whether there is no Citus for tests on it, which is said. */
export function lacksCitus(): boolean {
  if (citusUrl === undefined) {
    console.warn(
      'CITUS_URL is not set, so the tests on a distributed PostgreSQL are left out. docs/operations.md: A distributed PostgreSQL',
    );
  }
  return citusUrl === undefined;
}

/** A database of its own on all nodes of the cluster, with the migrated schemas, distributed. */
export class CitusDatabase extends ScratchDatabase {
  override async create(): Promise<void> {
    const nodes = await this.nodes();
    for (const node of nodes) {
      await run(node, `CREATE DATABASE ${this.name}`);
      await run(this.at(node), 'CREATE EXTENSION citus');
    }
    const [coordinator, ...workers] = nodes.map((node) => new URL(node));
    await run(
      this.url,
      `SELECT citus_set_coordinator_host('${coordinator!.hostname}', ${coordinator!.port})`,
    );
    for (const worker of workers) {
      await run(this.url, `SELECT citus_add_node('${worker.hostname}', ${worker.port})`);
    }
    // Citus may end what it takes for a deadlock of its own work on roles; migrate can be run again.
    await this.migrate().catch(() => this.migrate());
    await distribute(this.url, 'CITUS_URL', SHARDS);
    await this.makeLogins();
  }

  override async drop(): Promise<void> {
    await this.pool.end();
    for (const node of await this.nodes()) {
      await run(node, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    }
  }

  /** Addresses of the database that is there already, on each node: the coordinator first. */
  private async nodes(): Promise<string[]> {
    const rows = await run<{ node_name: string; node_port: number }>(
      this.server,
      'SELECT * FROM citus_get_active_worker_nodes()',
    );
    const workers = rows.map(({ node_name: host, node_port: port }) => {
      const url = new URL(this.server);
      [url.hostname, url.port] = [host, String(port)];
      return url.href;
    });
    return [this.server, ...workers];
  }

  private at(node: string): string {
    const url = new URL(node);
    url.pathname = `/${this.name}`;
    return url.href;
  }
}

async function run<Row>(connectionString: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}
