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

/**
 * Does work with the warehouse at DATABASE_URL that looks through all of it: no limit to statements, since this is no
 * batch that others wait for. One of the two connections may hold locks.
 * @param deed for the error: `Cannot DEED the database`
 * @throws without the password, whatever makes it impossible
 */
export async function withUnhurriedWarehouse<T>(
  { DATABASE_URL }: NodeJS.ProcessEnv,
  deed: string,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const place = withoutSecrets(DATABASE_URL);
  const warehouse = new Warehouse(DATABASE_URL!, deed.split(' ', 1)[0]!, 2, 0);
  try {
    return await work(warehouse);
  } catch (error) {
    throw new Error(`Cannot ${deed} ${place}: ${reason(error)}`);
  } finally {
    await warehouse.onApplicationShutdown();
  }
}
