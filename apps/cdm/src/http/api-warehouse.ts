import type { Provider } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';

/** `@Inject(API_WAREHOUSE)`: connections for questions of people. However heavy those are, the stream has its own. */
export const API_WAREHOUSE = Symbol('api warehouse');

const CONNECTIONS = 3;
/** Milliseconds. */
const STATEMENT_MS = 10_000;
/**
 * Compiling takes longer than most questions; distinct users of many orders are hashed in memory instead of being
 * sorted on disk.
 */
const SETTINGS = { jit: 'off', work_mem: '32MB' };

export const apiWarehouse: Provider = {
  provide: API_WAREHOUSE,
  useFactory: ({ DATABASE_URL }: CdmEnvironment) =>
    new Warehouse(DATABASE_URL, 'cdm api', CONNECTIONS, STATEMENT_MS, SETTINGS),
  inject: [CdmEnvironment],
};
