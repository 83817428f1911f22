import { noteOrigin } from '@app/servers/server-of';
import { migrationNames } from './migration-names';
import { NO_SCHEMA } from './sqlstate';
import type { Client } from './warehouse';

/** Number of the newest migration: the schema for which this release was made. */
export const SCHEMA_VERSION = Number.parseInt(migrationNames.at(-1)!, 10);
/**
 * The newest migration of the oldest release whose services still work with that schema. Raised by a migration that
 * ends a rollout.
 */
export const OLDEST_SERVICE = 1_700_000_010_000;

/** The schema is not one with which this release can work. */
export class UnusableSchema extends Error {
  /** @param code the SQLSTATE that says as much */
  constructor(
    reason: string,
    readonly code?: string,
  ) {
    super(reason);
    noteOrigin('postgresql', this);
  }
}

/** @throws UnusableSchema that says whether `migrate` has to run or a newer release of the service */
export async function checkSchema(client: Client): Promise<void> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('pipeline.schema_version') IS NOT NULL AS exists`,
  );
  if (!found[0]!.exists) {
    throw new UnusableSchema(
      'the database of DATABASE_URL has no schema, or one of an older release: run migrate',
      NO_SCHEMA,
    );
  }
  const { rows } = await client.query<{ version: string; oldest_service: string }>(
    'SELECT version, oldest_service FROM pipeline.schema_version ORDER BY version DESC LIMIT 1',
  );
  const { version, oldest_service } = rows[0] ?? { version: '0', oldest_service: '0' };
  if (Number(version) < SCHEMA_VERSION) {
    throw new UnusableSchema(
      `the schema of the database is of an older release (${version}, and this one needs ${SCHEMA_VERSION}): run migrate`,
    );
  }
  if (Number(oldest_service) > SCHEMA_VERSION) {
    throw new UnusableSchema(
      `the schema of the database is of a newer release (${version}), which needs services of ${oldest_service}, and this one is of ` +
        `${SCHEMA_VERSION}: update the service`,
    );
  }
}
