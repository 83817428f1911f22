import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the auditor of cdm may ask of staging besides: all entries of a key, to find names in the vault that none of them says. */
export class AuditNames1700000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      CREATE FUNCTION pipeline.audit_entries_of(kind text, keys text[])
      RETURNS TABLE (entry_key text, valid_from text, user_digest uuid, restaurant_name text, menu json)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT kept.entry_key, said.valid_from, said.user_digest, said.restaurant_name, said.menu
        FROM stg.dictionary_entries kept JOIN LATERAL pipeline.audit_entries(ARRAY[kept.entry_pk]) AS said ON true
        WHERE kept.entry_kind = kind AND kept.entry_key = ANY (keys)
      $$;
      COMMENT ON FUNCTION pipeline.audit_entries_of IS 'What all dictionary entries of these keys say; of the names of users a digest';
      REVOKE EXECUTE ON FUNCTION pipeline.audit_entries_of FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION pipeline.audit_entries_of TO cdm_service`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION pipeline.audit_entries_of');
  }
}
