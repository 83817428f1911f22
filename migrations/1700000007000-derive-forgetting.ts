import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The triggers that blank forgotten users are derived from the declarations of the tables whenever migrations have run
 * (`ops/migrate/forgetting.ts`). These two were written by hand.
 */
export class DeriveForgetting1700000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION operations.blank_forgotten_entry, operations.blank_forgotten_name CASCADE',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(guards);
  }
}

const guards = /* sql */ `
  CREATE FUNCTION operations.blank_forgotten_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    BEGIN
      IF EXISTS (SELECT FROM operations.forgotten_users WHERE user_id = NEW.entry_key) THEN
        NEW.entry := operations.blank_entry(NEW.entry_key, NEW.entry);
      END IF;
      RETURN NEW;
    END
  $$;
  CREATE OR REPLACE TRIGGER forgotten_users BEFORE INSERT ON stg.dictionary_entries
    FOR EACH ROW WHEN (NEW.entry_kind = 'user') EXECUTE FUNCTION operations.blank_forgotten_entry();

  CREATE FUNCTION operations.blank_forgotten_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    BEGIN
      IF EXISTS (SELECT FROM operations.forgotten_users WHERE h_user_pk = NEW.h_user_pk) THEN
        NEW.username := '[forgotten]';
        NEW.userlogin := NULL;
        NEW.hk_user_names_hashdiff := dds.hash_key('s_user_names', '[forgotten]', NULL);
      END IF;
      RETURN NEW;
    END
  $$;
  CREATE OR REPLACE TRIGGER forgotten_users BEFORE INSERT ON dds.s_user_names
    FOR EACH ROW EXECUTE FUNCTION operations.blank_forgotten_name();

  REVOKE ALL ON FUNCTION operations.blank_forgotten_entry, operations.blank_forgotten_name FROM PUBLIC;
`;
