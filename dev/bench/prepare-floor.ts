import type { Client } from 'pg';
import type { ServiceName } from '../services/local-services';
import { batchesOfThings, floorTables } from './floor-tables';
import { handedOver, insertBatch, selectBatches, type Column } from './floor-statements';
import type { SentHistory } from './sent-history';
import { readContents, readColumns, type Contents } from './table-contents';

/** Orders of one transaction. */
export const BATCH_ORDERS = 1_000;

export interface PreparedTable {
  name: string;
  statement: string;
  rows: number;
  /**
   * By batch: the arrays of the columns, each as the text that PostgreSQL reads. A batch may have no rows for a table.
   */
  batches: Map<number, string[]>;
}

export interface PreparedFloor {
  batches: number;
  layers: Record<ServiceName, PreparedTable[]>;
  /** What the tables must hold in the end. */
  contents: Contents;
}

/** Reads back what the services have made of a history, as the arrays from which plain SQL makes the same. */
export async function prepareFloor(database: Client, sent: SentHistory): Promise<PreparedFloor> {
  const orders = [...sent.newest.keys()];
  await database.query('CREATE TEMP TABLE arrival (object_id bigint PRIMARY KEY, batch integer)');
  await database.query('INSERT INTO arrival SELECT * FROM unnest($1::bigint[], $2::integer[])', [
    orders,
    orders.map((_, place) => batchOf(place)),
  ]);
  await database.query(batchesOfThings);
  return {
    batches: batchOf(orders.length - 1) + 1,
    layers: {
      stg: await prepareLayer(database, 'stg'),
      dds: await prepareLayer(database, 'dds'),
      cdm: await prepareLayer(database, 'cdm'),
    },
    contents: await readContents(database),
  };
}

/** The batch of the order that arrived at this place, both counted from 0. */
export function batchOf(place: number): number {
  return Math.floor(place / BATCH_ORDERS);
}

async function prepareLayer(database: Client, layer: ServiceName): Promise<PreparedTable[]> {
  const prepared = [];
  for (const table of floorTables[layer]) {
    const columns = await readColumns(database, table.name);
    const { rows } = await database.query<Record<string, string>>({
      text: selectBatches(table, columns),
      types: { getTypeParser: () => (text: string) => text },
    });
    prepared.push({
      name: table.name,
      statement: insertBatch(table, columns),
      rows: rows.reduce((sum, { rows: number }) => sum + Number(number), 0),
      batches: new Map(rows.map((row) => [Number(row.batch), arraysOf(row, columns)])),
    });
  }
  return prepared;
}

function arraysOf(row: Record<string, string>, columns: readonly Column[]): string[] {
  return handedOver(columns).map(({ name }) => row[name]!);
}
