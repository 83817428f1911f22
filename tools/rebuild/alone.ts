import type { Warehouse } from '@app/warehouse/warehouse';

/**
 * Runs the work while no other rebuild does. The connection of the lock does nothing else, so the lock ends when this process does.
 * @param waitFor another advisory lock to hold meanwhile
 * @param work gets what throws once the locks are lost
 * @throws where another rebuild is under way
 */
export async function alone<T>(
  warehouse: Warehouse,
  waitFor: string | undefined,
  work: (checkLocks: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return warehouse.withClient(async (client) => {
    const { rows } = await client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_lock(hashtext('rebuild')) AS locked`,
    );
    if (!rows[0]!.locked) throw new Error('another rebuild is under way');
    try {
      if (waitFor !== undefined) await client.query('SELECT pg_advisory_lock(hashtext($1))', [waitFor]);
      return await work(async () => {
        await client.query('SELECT');
      });
    } finally {
      await client.query('SELECT pg_advisory_unlock_all()').catch(() => {}); // gone with the connection
    }
  });
}
