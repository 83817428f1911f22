import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { backendOf, connect, type BenchStack } from './bench-stack';

const LOOK_MS = 50;

/**
 * Which connections of the services wait for a lock, looked at so often that the sum of the looks is about the time.
 */
export class LockWatch {
  private readonly waited = new Map<string, number>();
  private isOver = false;
  private readonly looking: Promise<void>;

  private constructor(private readonly database: Client) {
    this.looking = this.look();
  }

  static async start({ environment, answering }: BenchStack): Promise<LockWatch> {
    const database = await connect(environment.DATABASE_URL);
    answering.add(await backendOf(database));
    return new LockWatch(database);
  }

  /** Seconds of waiting so far, by the table of the statement that waited. */
  seconds(): Record<string, number> {
    return Object.fromEntries(this.waited);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.looking;
    await this.database.end();
  }

  private async look(): Promise<void> {
    for (let before = performance.now(); !this.isOver;) {
      await pause(LOOK_MS);
      const { rows } = await this.database.query<{ place: string }>(/* sql */ `
        SELECT coalesce(substring(query FROM '(?:stg|dds|cdm)[.][a-z_]+'), left(query, 40)) AS place
        FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'order-vault%'`);
      const now = performance.now();
      for (const { place } of rows) {
        this.waited.set(place, (this.waited.get(place) ?? 0) + (now - before) / 1000);
      }
      before = now;
    }
  }
}
