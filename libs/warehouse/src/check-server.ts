import { noteOrigin } from '@app/servers/server-of';
import type { WatchedClient } from './watched-client';

/** What no program can set for itself, and without which rows would be wrong: looked at once a connection. */
const LOOK = /* sql */ `
  SELECT pg_catalog.current_database() AS database, pg_catalog.current_setting('server_encoding') AS encoding,
    pg_catalog.current_setting('session_replication_role') AS role,
    pg_catalog.current_setting('idle_in_transaction_session_timeout') AS idle`;

/**
 * To be called in the first transaction of a connection.
 * @param idle the limit to idle transactions that was set when it began, as PostgreSQL writes it
 * @throws naming the setting and what to do
 */
export async function checkServer(client: WatchedClient, idle: string): Promise<void> {
  const { rows } = await client.query<{ database: string; encoding: string; role: string; idle: string }>(
    LOOK,
  );
  const { database, encoding, role, idle: kept } = rows[0]!;
  if (encoding !== 'UTF8') {
    throw refusal(
      `the database ${database} of DATABASE_URL has the encoding ${encoding}: create one with ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  if (role !== 'origin') {
    throw refusal(
      `session_replication_role of DATABASE_URL is ${role}, so triggers and foreign keys do nothing: it has to be origin`,
    );
  }
  if (kept !== idle) {
    throw refusal(
      `what a transaction sets does not hold inside it: the pooler of DATABASE_URL has to keep transactions (session or transaction mode)`,
    );
  }
}

function refusal(reason: string): Error {
  return noteOrigin('postgresql', new Error(reason));
}
