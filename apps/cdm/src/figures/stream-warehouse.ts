import type { Provider } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';

/**
 * `@Inject(STREAM_WAREHOUSE)`: a connection for what is asked all the time and answered at once, apart from heavy
 * questions.
 */
export const STREAM_WAREHOUSE = Symbol('stream warehouse');

const CONNECTIONS = 1;
/** Milliseconds. */
const STATEMENT_MS = 2_000;

export const streamWarehouse: Provider = {
  provide: STREAM_WAREHOUSE,
  useFactory: ({ DATABASE_URL }: CdmEnvironment) =>
    new Warehouse(DATABASE_URL, 'cdm stream', CONNECTIONS, STATEMENT_MS),
  inject: [CdmEnvironment],
};
