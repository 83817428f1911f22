import type { Provider } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';

/**
 * `@Inject(STAGING_WAREHOUSE)`: a connection to the database of staging, which keeps what operators did. They wait for
 * each other, and nobody else for them.
 */
export const STAGING_WAREHOUSE = Symbol('staging warehouse');

const CONNECTIONS = 1;
/** Milliseconds. */
const STATEMENT_MS = 10_000;

export const stagingWarehouse: Provider = {
  provide: STAGING_WAREHOUSE,
  useFactory: ({ STG_DATABASE_URL, DATABASE_URL }: CdmEnvironment) =>
    new Warehouse(STG_DATABASE_URL ?? DATABASE_URL, 'cdm operator', CONNECTIONS, STATEMENT_MS),
  inject: [CdmEnvironment],
};
