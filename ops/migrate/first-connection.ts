import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { reason } from '../servers/without-secrets';

const PATIENCE_MS = 60_000;
const CONNECT_MS = 10_000;
const AGAIN_MS = 1_000;

/** Codes of Node, and what PostgreSQL says while it starts. Whatever else a server answers stays so. */
const notThereYet =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|57P03)$/;
/** What node-postgres says without a code. */
const noAnswer = /timeout expired|Connection terminated/;

/**
 * A connection to a server that may still be starting, as beside it in a new cluster: it is waited for, a minute at
 * most. The caller ends it.
 * @param variable that holds the address
 * @throws why it cannot be made: at once where the server refuses the login
 */
export async function firstConnection(
  connectionString: string,
  variable = 'DATABASE_URL',
): Promise<pg.Client> {
  for (const begun = performance.now(); ; await pause(AGAIN_MS)) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', () => {}); // a caller that waits for an answer gets it too
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (!isNotThereYet(error) || performance.now() - begun > PATIENCE_MS) {
        throw new Error(`the server of ${variable} refuses: ${reason(error)}${advice(error)}`);
      }
    }
  }
}

function isNotThereYet(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return notThereYet.test(code) || noAnswer.test(message);
}

/** A server that was started before with another password answers as to a typing error. */
function advice(error: unknown): string {
  return (error as { code?: string }).code === '28P01'
    ? '. PostgreSQL keeps the password of its first start; docs/operations.md, "Another password", changes it'
    : '';
}
