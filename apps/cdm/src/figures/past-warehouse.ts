import type { Provider } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';

/** `@Inject(PAST_WAREHOUSE)`: a connection to the database of the vault, for what takes seconds. */
export const PAST_WAREHOUSE = Symbol('past warehouse');

const CONNECTIONS = 1;
/** Milliseconds. */
const STATEMENT_MS = 60_000;

export const pastWarehouse: Provider = {
  provide: PAST_WAREHOUSE,
  useFactory: ({ DATABASE_URL, DDS_DATABASE_URL }: CdmEnvironment) =>
    new Warehouse(DDS_DATABASE_URL ?? DATABASE_URL, 'cdm past', CONNECTIONS, STATEMENT_MS, { jit: 'off' }),
  inject: [CdmEnvironment],
};
