import type { Warehouse } from '@app/warehouse/warehouse';

/**
 * For work whose statements join or lock rows of several nodes.
 * @throws where the tables of the warehouse are spread over nodes
 */
export async function refuseDistributed(warehouse: Warehouse): Promise<void> {
  const isDistributed = await warehouse.read(async (client) => {
    const { rows: citus } = await client.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
    const { rows: spread } = await client.query(
      citus.length > 0
        ? `SELECT FROM pg_dist_partition WHERE logicalrelid IN ('dds.h_order'::regclass, 'cdm.users'::regclass)`
        : 'SELECT WHERE false',
    );
    return spread.length > 0;
  });
  if (isDistributed) {
    throw new Error('order-vault distribute has spread its tables over nodes, where this cannot be done');
  }
}
