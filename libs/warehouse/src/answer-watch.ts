import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { reasonOf } from '@app/servers/reason-of';
import type { ServerTransaction, WatchedClient } from './watched-client';

const LOOK_MS = 1_000;
/** Statements take milliseconds: after so long the server is asked whether it still works on one. */
const SILENT_MS = 5_000;
/** What the server has answered arrives within this time. */
const ARRIVAL_MS = 1_000;
/** A new connection is made, and a question about the others answered, within this time each. */
const ANSWER_MS = 5_000;

/**
 * A connection was lost on the way: a firewall forgot it, or the machine on the other side is gone. 08006:
 * connection_failure.
 */
export class ConnectionLost extends Error {
  readonly code = '08006';
}

/** Which of these are at work for us. Where the server does not say what its processes do, they may be. */
const WORKING = /* sql */ `
  SELECT pid FROM pg_catalog.pg_stat_activity JOIN unnest($1::integer[], $2::numeric[]) AS asked (pid, begun) USING (pid)
  WHERE state IS NULL OR state = 'disabled' OR state = 'active' AND wait_event IS DISTINCT FROM 'ClientWrite'
    AND (begun IS NULL OR begun = extract(epoch FROM xact_start))`;

/** Ends transactions that hold their locks for a client that hears nothing of them any more. */
const END = /* sql */ `
  SELECT pg_catalog.pg_terminate_backend(pid)
  FROM pg_catalog.pg_stat_activity JOIN unnest($1::integer[], $2::numeric[]) AS asked (pid, begun) USING (pid)
  WHERE begun = extract(epoch FROM xact_start)`;

/**
 * Finds connections that are dead though nobody said so, and drops them. A statement that takes long is no sign of
 * that: the server is asked, over a connection of its own, whether it still works on it.
 */
export class AnswerWatch {
  private readonly logger = new Logger('warehouse');
  private readonly timer = setInterval(() => void this.look(), LOOK_MS).unref();
  private looking = false;
  /** Those of dropped connections that were not ended yet: they hold their locks, and others wait behind them. */
  private orphans: ServerTransaction[] = [];

  /** @param clients those that are watched, at any time */
  constructor(
    private readonly config: pg.ClientConfig,
    private readonly clients: ReadonlySet<WatchedClient>,
  ) {}

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const silent = [...this.clients].filter((client) => client.silentMs() >= SILENT_MS);
    const overdue = silent.filter((client) => client.answerMs > 0 && client.waitingMs() > client.answerMs);
    this.drop(overdue, 'they have not answered in time');
    if (this.looking || (silent.length === 0 && this.orphans.length === 0)) {
      return;
    }
    this.looking = true;
    await this.askAbout(silent);
    this.looking = false;
  }

  private async askAbout(silent: WatchedClient[]): Promise<void> {
    const client = new pg.Client({
      ...this.config,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const transactions = silent.flatMap(({ transaction }) => transaction ?? []);
      const { rows } = await client.query<{ pid: number }>(WORKING, asked(transactions));
      const working = new Set(rows.map(({ pid }) => pid));
      const lost = silent.filter(({ transaction }) => !working.has(transaction?.pid ?? 0));
      if (lost.length > 0) {
        await pause(ARRIVAL_MS);
        this.drop(
          lost.filter(isStillSilent),
          'the server has nothing left to answer on them, or never got what it was asked',
        );
      }
      await this.endOrphans(client);
    } catch (error) {
      // An answer of any kind shows that there is a server, and that a connection may live.
      if ((error as { severity?: string }).severity === undefined) {
        this.drop(silent.filter(isStillSilent), `a new one gets no answer either: ${reasonOf(error)}`);
      }
    } finally {
      client.end().catch(() => undefined);
    }
  }

  private async endOrphans(client: pg.Client): Promise<void> {
    const orphans = this.orphans.splice(0);
    if (orphans.length === 0) {
      return;
    }
    const { rowCount } = await client.query(END, asked(orphans));
    if (rowCount) {
      this.logger.log(`ended what dropped connections had begun, transactions in number: ${rowCount}`);
    }
  }

  private drop(clients: WatchedClient[], why: string): void {
    const [first] = clients;
    if (!first) {
      return;
    }
    const server = `PostgreSQL at ${first.host}:${first.port}, see DATABASE_URL`;
    const seconds = Math.round(Math.max(...clients.map((client) => client.waitingMs())) / 1000);
    this.logger.warn(
      `no answer of ${server}, for ${seconds} s: connections are dropped, ${clients.length} in number: ${why}`,
    );
    for (const client of clients) {
      this.orphans.push(...(client.transaction ? [client.transaction] : []));
      client.drop(new ConnectionLost(`the connection to ${server}, was lost: no answer for ${seconds} s`));
    }
  }
}

function isStillSilent(client: WatchedClient): boolean {
  return client.silentMs() >= SILENT_MS;
}

function asked(transactions: ServerTransaction[]): [pids: number[], begun: (string | null)[]] {
  return [transactions.map(({ pid }) => pid), transactions.map(({ begun }) => begun ?? null)];
}
