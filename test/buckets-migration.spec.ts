import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AddBuckets1700000009000 } from '../migrations/1700000009000-add-buckets';
import { ScratchDatabase } from './harness/scratch-database';

/* A migration that runs while dds is at work waits for the batch in hand, and takes nothing that the batch needs. */
const database = new ScratchDatabase(inject('stack').DATABASE_URL, `test_buckets_${process.pid}`);
const migration = new AddBuckets1700000009000();
let source: DataSource;
let runner: QueryRunner;

beforeAll(async () => {
  await database.create();
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  runner = source.createQueryRunner();
  await migration.down(runner);
  await runner.query(
    `INSERT INTO dds.h_user (h_user_pk, user_id, load_src) VALUES (md5('u')::uuid, 'u', 't')`,
  );
});
afterAll(async () => {
  await runner.release();
  await source.destroy();
  await database.drop();
});

it('lets a batch end that has its orders, and then comes', async () => {
  const batch = await database.pool.connect();
  await batch.query(`
    BEGIN;
    INSERT INTO dds.h_order (h_order_pk, order_id, order_dt, load_src) VALUES (md5('o')::uuid, 1, '2024-01-01', 't')`);
  await runner.startTransaction();
  const migrated = migration.up(runner);
  const waits = () =>
    database.rows(
      `SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND relation::regclass::text LIKE 'dds.%'`,
    );
  while ((await waits()).length === 0) {
    await pause(10);
  }
  await batch.query(`
    INSERT INTO dds.l_order_user (hk_order_user_pk, h_order_pk, h_user_pk, load_src)
    VALUES (md5('ou')::uuid, md5('o')::uuid, md5('u')::uuid, 't');
    COMMIT`);
  batch.release();
  await migrated;
  await runner.commitTransaction();
  expect(await database.rows('SELECT h_order_pk, bucket FROM dds.l_order_user')).toMatchObject([
    { bucket: null },
  ]);
});
