import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a parked order is released is asked each second; without an index all that wait were read for it. */
export class FindReleasedOrders1700000025000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX pending_orders_released ON stg.pending_orders (released_at) WHERE released_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX stg.pending_orders_released');
  }
}
