import type { Client } from './warehouse';

/**
 * Without these PostgreSQL may answer COMMIT and lose the transaction afterwards. `local` is enough where there is no
 * standby.
 */
const LOOK = /* sql */ `
  SELECT pg_catalog.current_setting('fsync') AS fsync, pg_catalog.current_setting('full_page_writes') AS pages,
    pg_catalog.current_setting('synchronous_commit') AS commit,
    EXISTS (SELECT FROM pg_catalog.pg_stat_replication) AS "hasStandby"`;

const said = new Set<string>();

/** What is set weaker than the promises need, a sentence for each setting, once a process. */
export async function weakSettings(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ fsync: string; pages: string; commit: string; hasStandby: boolean }>(
    LOOK,
  );
  const { fsync, pages, commit, hasStandby } = rows[0]!;
  const loss = 'a crash may lose what was committed';
  const weaknesses = [
    ...(fsync === 'off' ? [`fsync of the server of DATABASE_URL is off: ${loss}, or break the tables`] : []),
    ...(pages === 'off'
      ? ['full_page_writes of the server of DATABASE_URL is off: a crash may break the tables']
      : []),
    ...(commit === 'off' ? [`synchronous_commit at DATABASE_URL is off: ${loss}`] : []),
    ...(commit === 'local' && hasStandby
      ? [
          'synchronous_commit at DATABASE_URL is local: a standby that is promoted may lack what was committed',
        ]
      : []),
  ];
  return weaknesses.filter((weakness) => !said.has(weakness) && said.add(weakness));
}
