import type { Client, Warehouse } from '@app/warehouse/warehouse';

/**
 * Runs the work while no other rebuild does. A transaction of its own holds the lock and does nothing else, so the lock
 * ends when this process does.
 * @param waitFor another advisory lock to hold meanwhile
 * @param work gets what throws once the locks are lost
 * @throws where another rebuild is under way
 */
export async function alone<T>(
  warehouse: Warehouse,
  waitFor: string | undefined,
  work: (checkLocks: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const hold = async (client: Client) => {
    const { rows } = await client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('rebuild')) AS locked`,
    );
    if (!rows[0]!.locked) {
      throw new Error('another rebuild is under way');
    }
    if (waitFor !== undefined) {
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [waitFor]);
    }
    return work(async () => {
      await client.query('SELECT');
    });
  };
  return warehouse.read(hold, { settings: { idle_in_transaction_session_timeout: '0' } });
}
