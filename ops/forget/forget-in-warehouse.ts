import type { Warehouse } from '@app/warehouse/warehouse';
import type { Warehouses } from '../servers/with-warehouse';

/** Rows that changed, or would. */
export interface ChangedRows {
  place: string;
  changed: number;
}

/** Ends the transaction of a trial. */
class Undone extends Error {}

/**
 * Blanks the user in all tables. Without `execute`, it is done and undone: the numbers are those of the real thing.
 * Where staging and vault have servers of their own, both remember a user whom one of them knows: the name may be on
 * its way to the other.
 * @returns no rows where the warehouse does not know the user
 */
export async function forgetInWarehouse(
  { stg, dds }: Pick<Warehouses, 'stg' | 'dds'>,
  userId: string,
  execute: boolean,
): Promise<ChangedRows[]> {
  if (stg === dds) {
    return forgetAt(stg, userId, execute);
  }
  const trial = [
    ...(await forgetAt(stg, userId, false, isOf('stg'))),
    ...(await forgetAt(dds, userId, false, isOf('dds'))),
  ];
  if (!execute || trial.length === 0) {
    return trial;
  }
  await remember(stg, userId);
  await remember(dds, userId);
  return [
    ...(await forgetAt(stg, userId, true, isOf('stg'))),
    ...(await forgetAt(dds, userId, true, isOf('dds'))),
  ];
}

function isOf(layer: string): (row: ChangedRows) => boolean {
  return ({ place }) => place.startsWith(`${layer}.`);
}

async function remember(warehouse: Warehouse, userId: string): Promise<void> {
  await warehouse.transaction((client) => client.query('SELECT operations.remember_forgotten($1)', [userId]));
}

/** @param isMeant of the tables of other layers, which are empty there, nothing is to be said */
async function forgetAt(
  warehouse: Warehouse,
  userId: string,
  execute: boolean,
  isMeant: (row: ChangedRows) => boolean = () => true,
): Promise<ChangedRows[]> {
  let changed: ChangedRows[] = [];
  try {
    await warehouse.transaction(async (client) => {
      const { rows } = await client.query<ChangedRows>(
        'SELECT place, changed::integer FROM operations.forget_user($1)',
        [userId],
      );
      changed = rows.filter(isMeant);
      if (!execute) {
        throw new Undone();
      }
    });
  } catch (error) {
    if (!(error instanceof Undone)) {
      throw error;
    }
  }
  return changed;
}
