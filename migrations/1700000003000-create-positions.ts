import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Up to where each partition is stored in this very database, so that a service sees when the database is not the one that it filled: a
 * replica that was behind, a restored backup, an empty volume. And which release made the schema.
 */
export class CreatePositions1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(positions);
    await runner.query(schemaVersion);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pipeline.positions, pipeline.schema_version');
  }
}

/** Each batch updates one row: room on the page keeps these updates off the index. */
const positions = /* sql */ `
  CREATE TABLE pipeline.positions (
    consumer_group  text NOT NULL,
    topic           text NOT NULL,
    partition       integer NOT NULL,
    next_offset     bigint NOT NULL,
    stored_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer_group, topic, partition)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE pipeline.positions IS 'Up to where the messages of each partition are stored in this database; written in the transaction of each batch';
  COMMENT ON COLUMN pipeline.positions.consumer_group IS 'Group as which a service reads';
  COMMENT ON COLUMN pipeline.positions.topic IS 'Topic that it reads';
  COMMENT ON COLUMN pipeline.positions.partition IS 'Partition of the topic';
  COMMENT ON COLUMN pipeline.positions.next_offset IS 'Offset of the first message that is not known to be stored';
  COMMENT ON COLUMN pipeline.positions.stored_at IS 'When a batch was stored last';
  GRANT SELECT, INSERT, UPDATE ON pipeline.positions TO stg_service, dds_service, cdm_service;
`;

const schemaVersion = /* sql */ `
  CREATE TABLE pipeline.schema_version (
    version         bigint NOT NULL,
    oldest_service  bigint NOT NULL,
    PRIMARY KEY (version)
  );
  COMMENT ON TABLE pipeline.schema_version IS 'Which release made the schema: one row, written by migrate';
  COMMENT ON COLUMN pipeline.schema_version.version IS 'Number of the newest migration';
  COMMENT ON COLUMN pipeline.schema_version.oldest_service IS 'Number of the newest migration that the oldest service knows that still works with this schema';
  GRANT SELECT ON pipeline.schema_version TO stg_service, dds_service, cdm_service;
`;
