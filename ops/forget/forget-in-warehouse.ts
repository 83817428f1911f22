import type { Warehouse } from '@app/warehouse/warehouse';

/** Rows that changed, or would. */
export interface ChangedRows {
  place: string;
  changed: number;
}

/** Ends the transaction of a trial. */
class Undone extends Error {}

/**
 * Blanks the user in all tables. Without `execute`, it is done and undone: the numbers are those of the real thing.
 * @returns no rows where the warehouse does not know the user
 */
export async function forgetInWarehouse(
  warehouse: Warehouse,
  userId: string,
  execute: boolean,
): Promise<ChangedRows[]> {
  let rows: ChangedRows[] = [];
  try {
    await warehouse.transaction(async (client) => {
      ({ rows } = await client.query<ChangedRows>(
        'SELECT place, changed::integer FROM operations.forget_user($1)',
        [userId],
      ));
      if (!execute) {
        throw new Undone();
      }
    });
  } catch (error) {
    if (!(error instanceof Undone)) {
      throw error;
    }
  }
  return rows;
}
