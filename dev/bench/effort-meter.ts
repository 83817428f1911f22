import type { BenchStack } from './bench-stack';
import type { Effort } from './bench-report';
import { processTableOfOneMoment, treeCpuSeconds } from '../stack/process-table';
import { MEASURING } from './processor-costs';
import { readStatements, resetStatements } from './statement-statistics';

/** What a piece of work takes, from the start of the meter to its reading. */
export class EffortMeter {
  private readonly begun = performance.now();

  private constructor(
    private readonly stack: BenchStack,
    private readonly cpuBefore: Record<string, number>,
    private readonly walBefore: number,
  ) {}

  /**
   * Starts. What PostgreSQL has yet to write of earlier work counts too, unless a checkpoint comes first.
   * @param running processes that are there already, beside the servers
   */
  static async start(stack: BenchStack, running: Record<string, number> = {}): Promise<EffortMeter> {
    await resetStatements(stack.database);
    const wal = await walBytes(stack);
    return new EffortMeter(stack, cpuSeconds(stack, running), wal);
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }

  /**
   * @param database the name of the one that was worked on
   * @param started processes beside the servers
   */
  async read(database: string, started: Record<string, number> = {}): Promise<Effort> {
    const { seconds } = this;
    const cpu = cpuSeconds(this.stack, started);
    return {
      seconds,
      cpuSeconds: Object.fromEntries(
        Object.entries(cpu).map(([name, sum]) => [name, sum - (this.cpuBefore[name] ?? 0)]),
      ),
      walBytes: (await walBytes(this.stack)) - this.walBefore,
      statements: await readStatements(this.stack.database, database),
    };
  }
}

function cpuSeconds({ pids, answering }: BenchStack, others: Record<string, number>): Record<string, number> {
  const table = processTableOfOneMoment().filter(({ pid }) => !answering.has(pid));
  const { user, system } = process.cpuUsage();
  return {
    ...Object.fromEntries(
      Object.entries({ ...others, ...pids }).map(([name, pid]) => [name, treeCpuSeconds(table, pid)]),
    ),
    [MEASURING]: (user + system) / 1e6,
  };
}

async function walBytes({ database }: BenchStack): Promise<number> {
  const { rows } = await database.query<{ bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  );
  return rows[0]!.bytes;
}
