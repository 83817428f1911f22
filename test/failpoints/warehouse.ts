import { AsyncLocalStorage } from 'node:async_hooks';
import { Warehouse as ProductWarehouse, type Client } from '../../libs/warehouse/src/warehouse';
import { failpoint } from './failpoint';

export type { Client };

/** Set while the work of a transaction runs. */
export const inTransaction = new AsyncLocalStorage<boolean>();

/** The warehouse of the product, with failpoints around the commit of a transaction that has written something. */
export class Warehouse extends ProductWarehouse {
  override async transaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    let hasWritten = false;
    const result = await super.transaction(async (client) => {
      const answer = await inTransaction.run(true, () => work(client));
      const { rows } = await client.query<{ written: boolean }>(
        'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS written',
      );
      hasWritten = rows[0]!.written;
      if (hasWritten) {
        failpoint('before_commit');
      }
      return answer;
    });
    if (hasWritten) {
      failpoint('after_commit');
    }
    return result;
  }
}
