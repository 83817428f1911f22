/** Condition for rows of pg_stat_statements: of the three services, in the database that is asked. */
export const ofServices = /* sql */ `
  dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND userid IN (SELECT oid FROM pg_roles WHERE rolname IN ('order_vault_stg', 'order_vault_dds', 'order_vault_cdm'))`;
