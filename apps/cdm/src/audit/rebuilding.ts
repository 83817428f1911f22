import type { Layers } from './layers';

/** Whether `rebuild` is at work: rows that belong together then come one after the other. */
export async function isRebuilding(layers: Layers): Promise<boolean> {
  for (const layer of ['dds', 'cdm'] as const) {
    const rows = await layers.rows(layer, statement);
    if (rows.length > 0) {
      return true;
    }
  }
  return false;
}

/** The lock that a rebuild holds. An advisory lock of one key has its halves in two columns. */
const statement = /* sql */ `
  SELECT FROM pg_locks
  WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 1
    AND (classid::bigint << 32 | objid::bigint) = hashtext('rebuild')::bigint LIMIT 1`;
