import type { Client, Warehouse } from '@app/warehouse/warehouse';

/** A connection to the marts, and the servers of staging and vault where they have their own. */
export class Layers {
  constructor(
    readonly marts: Client,
    private readonly others: ReadonlyMap<string, Warehouse>,
  ) {}

  async rows<Row extends object>(
    layer: 'stg' | 'dds' | 'cdm',
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const other = this.others.get(layer);
    const ask = async (client: Client) => (await client.query<Row>(text, values)).rows;
    return other ? other.read(ask) : ask(this.marts);
  }
}
