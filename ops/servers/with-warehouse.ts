import { Warehouse } from '@app/warehouse/warehouse';
import { withoutSecrets, reason } from '../migrate/migrate';

/** Tools may look through whole tables. */
const STATEMENT_MS = 600_000;

/**
 * Does the work with the warehouse at DATABASE_URL.
 * @throws without the password, where the variable is malformed or the database can't be used
 */
export async function withWarehouse<T>(
  { DATABASE_URL }: NodeJS.ProcessEnv,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const place = withoutSecrets(DATABASE_URL);
  const warehouse = new Warehouse(DATABASE_URL!, 'tools', 1, STATEMENT_MS);
  try {
    await warehouse
      .read((client) => client.query('SELECT'))
      .catch((error: unknown) => {
        throw new Error(`The database ${place} of DATABASE_URL cannot be used: ${reason(error)}`);
      });
    return await work(warehouse);
  } finally {
    await warehouse.onApplicationShutdown();
  }
}
