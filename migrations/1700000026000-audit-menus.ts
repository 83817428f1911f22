import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit takes of a menu what stg takes: an id, name or category that is no text is none. */
export class AuditMenus1700000026000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      auditEntries((name) => `CASE json_typeof(item -> '${name}') WHEN 'string' THEN item ->> '${name}' END`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(auditEntries((name) => `item ->> '${name}'`));
  }
}

/** @param text of a member of a dish of a menu */
function auditEntries(text: (name: string) => string): string {
  return /* sql */ `
  CREATE OR REPLACE FUNCTION pipeline.audit_entries(entries uuid[])
  RETURNS TABLE (entry_pk uuid, is_forgotten boolean, digest uuid, valid_from text, user_digest uuid, restaurant_name text, menu json)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT kept.entry_pk, gone.user_id IS NOT NULL, dds.hash_key('dictionary_entry', entry_kind, entry_key, entry::text),
      kept.valid_from::text,
      CASE entry_kind WHEN 'user' THEN dds.hash_key('s_user_names', said.name, said.login) END,
      CASE entry_kind WHEN 'restaurant' THEN said.name END,
      CASE entry_kind WHEN 'restaurant' THEN (
        SELECT json_agg(json_build_array(${['_id', 'name', 'category'].map(text).join(', ')}) ORDER BY place)
        FROM json_array_elements(said.menu) WITH ORDINALITY AS menu (item, place) WHERE json_typeof(item) = 'object'
      ) END
    FROM stg.dictionary_entries kept CROSS JOIN LATERAL json_to_record(entry) AS said (name text, login text, menu json)
    LEFT JOIN operations.forgotten_users gone ON entry_kind = 'user' AND gone.user_id = entry_key
    WHERE kept.entry_pk = ANY (entries)
  $$;`;
}
