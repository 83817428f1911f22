import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Group roles without login, and what they are for: an administrator makes the logins, see docs/security.md. */
const roles = {
  stg_service: 'The service stg of Order Vault: may work on staging and nothing else',
  dds_service: 'The service dds of Order Vault: may read and add to the vault, and change nothing',
  cdm_service: 'The service cdm of Order Vault: may work on the marts and nothing else',
  warehouse_operator: 'Operator tools of Order Vault: may read all, and mend what can be built again',
};

const names = Object.keys(roles);

/** Each service gets what its statements need, and no more. A later migration grants what its own tables need. */
export class GrantPrivileges1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, comment] of Object.entries(roles)) {
      await runner.query(createRole(name, comment));
    }
    await requireRoles(runner);
    await runner.query(staging);
    await runner.query(vault);
    await runner.query(marts);
    await runner.query(pipeline);
    await runner.query(operator);
  }

  /** The roles stay: they belong to the whole server. */
  async down(runner: QueryRunner): Promise<void> {
    const granted = names.join(', ');
    await runner.query(/* sql */ `
      ALTER DEFAULT PRIVILEGES IN SCHEMA dds REVOKE ALL ON TABLES FROM dds_service;
      ALTER DEFAULT PRIVILEGES IN SCHEMA stg, dds, cdm, pipeline, report REVOKE ALL ON TABLES FROM warehouse_operator;
      REVOKE ALL ON ALL TABLES IN SCHEMA stg, dds, cdm, pipeline, report FROM ${granted};
      REVOKE ALL ON ALL SEQUENCES IN SCHEMA stg FROM ${granted};
      REVOKE ALL ON SCHEMA stg, dds, cdm, pipeline, report FROM ${granted}`);
  }
}

/** A role belongs to the whole server: it may be there already, or another migration may be making it at this moment. */
function createRole(name: string, comment: string): string {
  return /* sql */ `
    DO $$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN
        CREATE ROLE ${name} NOLOGIN;
        COMMENT ON ROLE ${name} IS '${comment}';
      END IF;
    EXCEPTION
      WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
    END
    $$`;
}

/** Without its role a service could only run as the owner of the schemas: rather nothing is migrated. */
async function requireRoles(runner: QueryRunner): Promise<void> {
  const known = (await runner.query('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [names])) as {
    rolname: string;
  }[];
  const missing = names.filter((name) => !known.some(({ rolname }) => rolname === name));
  if (missing.length > 0) {
    throw new Error(
      `${missing.length} roles are missing, and this login may not create any. Let an administrator of the server run\n` +
        `${missing.map((name) => `  CREATE ROLE ${name} NOLOGIN;\n`).join('')}and migrate again.`,
    );
  }
}

/** A version that waited gets its dictionary entries when it is released, also one that is superseded by then. */
const staging = /* sql */ `
  GRANT USAGE ON SCHEMA stg TO stg_service;
  GRANT USAGE ON SEQUENCE stg.order_version_id TO stg_service;
  GRANT SELECT, INSERT ON stg.dictionary_entries, stg.superseded_order_events TO stg_service;
  GRANT UPDATE (user_entry_pk, restaurant_entry_pk, earlier_menus) ON stg.superseded_order_events TO stg_service;
  GRANT SELECT, INSERT, UPDATE ON stg.order_events TO stg_service;
  GRANT SELECT, INSERT, UPDATE, DELETE ON stg.pending_orders TO stg_service;
  GRANT INSERT ON stg.skipped_messages TO stg_service;
`;

/** Insert-only. A foreign key locks the row that it points to as the owner of that table, so nothing else is needed. */
const vault = /* sql */ `
  GRANT USAGE ON SCHEMA dds TO dds_service;
  GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA dds TO dds_service;
  ALTER DEFAULT PRIVILEGES IN SCHEMA dds GRANT SELECT, INSERT ON TABLES TO dds_service;
`;

const marts = /* sql */ `
  GRANT USAGE ON SCHEMA cdm TO cdm_service;
  GRANT SELECT, INSERT, UPDATE ON cdm.users, cdm.order_versions, cdm.product_names, cdm.restaurant_names, cdm.counted_batches
    TO cdm_service;
  GRANT SELECT, INSERT, UPDATE, DELETE ON cdm.user_product_counters, cdm.user_category_counters,
    cdm.restaurant_category_counters, cdm.category_popularity, cdm.product_popularity, cdm.daily_sales TO cdm_service;
  GRANT SELECT, INSERT, UPDATE, DELETE ON cdm.tag_rules, cdm.tag_evaluations, cdm.tag_rule_counts TO cdm_service;
  GRANT SELECT, INSERT, DELETE ON cdm.tag_rule_products, cdm.user_tags TO cdm_service;
  GRANT SELECT, INSERT, UPDATE (published_at) ON cdm.user_tag_events TO cdm_service;
`;

const pipeline = /* sql */ `
  GRANT USAGE ON SCHEMA pipeline TO stg_service, dds_service, cdm_service;
  GRANT SELECT, INSERT, UPDATE, DELETE ON pipeline.service_states TO stg_service, dds_service, cdm_service;
  GRANT SELECT, INSERT, UPDATE ON pipeline.dead_letters TO stg_service, dds_service, cdm_service;
`;

/** Marts are built again from the vault, the vault from staging; staging from nothing, so of it only the orders that wait can be changed. */
const operator = /* sql */ `
  GRANT USAGE ON SCHEMA stg, dds, cdm, pipeline, report TO warehouse_operator;
  GRANT SELECT ON ALL TABLES IN SCHEMA stg, dds, cdm, pipeline, report TO warehouse_operator;
  ALTER DEFAULT PRIVILEGES IN SCHEMA stg, dds, cdm, pipeline, report GRANT SELECT ON TABLES TO warehouse_operator;
  GRANT UPDATE, DELETE ON stg.pending_orders TO warehouse_operator;
  GRANT INSERT ON ALL TABLES IN SCHEMA dds TO warehouse_operator;
  GRANT INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA cdm TO warehouse_operator;
  GRANT INSERT, UPDATE ON pipeline.dead_letters TO warehouse_operator;
`;
