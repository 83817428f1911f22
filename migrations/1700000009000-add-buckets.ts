import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders first, as a batch of dds takes them: it is at work meanwhile, and would wait for users with orders in hand. */
const tables = [
  'h_order',
  'h_user',
  's_user_names',
  'l_order_user',
  'l_order_restaurant',
  'l_order_product',
  's_order_status',
  's_order_cost',
  's_order_details',
  's_order_product',
];

/**
 * By the bucket of their user rows of the vault are spread over the nodes of a distributed PostgreSQL. Rows that are there have none, as those
 * of a dds of the release before: no row is written, and nothing on one server reads it.
 */
export class AddBuckets1700000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`ALTER TABLE dds.${table} ADD bucket smallint`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`ALTER TABLE dds.${table} DROP bucket`);
    }
  }
}
