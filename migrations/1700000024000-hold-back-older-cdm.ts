import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * cdm of release 0.1 writes orders without `quantities`. The null was refused order by order, as dead letters, where
 * its batches should wait until it is replaced: a default is asked for what is not written at all, and this one refuses.
 */
export class HoldBackOlderCdm1700000024000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      CREATE FUNCTION cdm.hold_back() RETURNS numeric[] LANGUAGE plpgsql AS $$
      BEGIN
        RAISE 'cdm is of an older release than its tables: update it' USING ERRCODE = 'object_not_in_prerequisite_state';
      END $$;
      COMMENT ON FUNCTION cdm.hold_back IS
        'Заставляет cdm старой версии ждать обновления / Makes cdm of an older release wait until it is updated';
      ALTER TABLE cdm.order_versions ALTER quantities SET DEFAULT cdm.hold_back()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      ALTER TABLE cdm.order_versions ALTER quantities DROP DEFAULT;
      DROP FUNCTION cdm.hold_back`);
  }
}
