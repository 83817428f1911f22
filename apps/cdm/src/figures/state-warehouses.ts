import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { STREAM_WAREHOUSE } from './stream-warehouse';

const CONNECTIONS = 1;
/** Milliseconds. */
const STATEMENT_MS = 2_000;

/** The databases in which services write their state. */
@Injectable()
export class StateWarehouses implements OnApplicationShutdown {
  /** By service, where its database is another than that of the marts. */
  readonly others: ReadonlyMap<string, Warehouse>;

  constructor(
    @Inject(STREAM_WAREHOUSE) readonly own: Warehouse,
    { STG_DATABASE_URL, DDS_DATABASE_URL }: CdmEnvironment,
  ) {
    const urls: [string, string | undefined][] = [
      ['stg', STG_DATABASE_URL],
      ['dds', DDS_DATABASE_URL],
    ];
    this.others = new Map(
      urls.flatMap(([service, url]): [string, Warehouse][] =>
        url ? [[service, new Warehouse(url, `cdm state of ${service}`, CONNECTIONS, STATEMENT_MS)]] : [],
      ),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.others.values()].map((warehouse) => warehouse.onApplicationShutdown()));
  }
}
