import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys of text are sorted byte for byte. An index by the collation of the database would have to be made again whenever another release
 * of the C library sorts differently.
 */
export class CollateKeys1700000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(loosenViews);
    await runner.query(collate('"C"'));
    await runner.query(views);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(loosenViews);
    await runner.query(collate('"default"'));
    await runner.query(views);
  }
}

const collate = (collation: string) => /* sql */ `
  DROP TRIGGER forgotten_users ON stg.dictionary_entries;
  ALTER TABLE stg.dictionary_entries ALTER entry_kind TYPE text COLLATE ${collation};
  CREATE TRIGGER forgotten_users BEFORE INSERT ON stg.dictionary_entries
    FOR EACH ROW WHEN (NEW.entry_kind = 'user') EXECUTE FUNCTION operations.blank_forgotten_entry();
  ALTER TABLE stg.skipped_messages ALTER topic TYPE text COLLATE ${collation};
  ALTER TABLE cdm.user_tags ALTER tag TYPE text COLLATE ${collation};
  ALTER TABLE pipeline.service_states ALTER service TYPE text COLLATE ${collation};
  ALTER TABLE pipeline.dead_letters
    ALTER service TYPE text COLLATE ${collation}, ALTER reason TYPE text COLLATE ${collation};
  ALTER TABLE pipeline.positions
    ALTER consumer_group TYPE text COLLATE ${collation}, ALTER topic TYPE text COLLATE ${collation};
  ALTER TABLE operations.replayed_dead_letters ALTER topic TYPE text COLLATE ${collation};
`;

/**
 * Reports may build on these views, and have rights to them: they stay, and let go of the column while it changes. People see tags sorted
 * as the database sorts.
 */
const loosenViews = /* sql */ `
  CREATE OR REPLACE VIEW report.user_tags AS
    SELECT user_id AS user_key, NULL::text AS tag, order_cnt AS orders, since FROM cdm.user_tags;
  CREATE OR REPLACE VIEW report.tag_audiences AS
    SELECT NULL::text AS tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY 1;
`;

const views = /* sql */ `
  CREATE OR REPLACE VIEW report.user_tags AS
    SELECT user_id AS user_key, tag COLLATE "default" AS tag, order_cnt AS orders, since FROM cdm.user_tags;
  CREATE OR REPLACE VIEW report.tag_audiences AS
    SELECT tag COLLATE "default" AS tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag;
`;
