import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { declarations, views, type TableClass } from '@app/data-vault/columns';
import { columnsOf } from '../data-model/entity-columns';
import { commentOf } from '../data-model/entity-metadata';

/** What a schema of the warehouse is, as dbt shows it. */
const schemas: Record<string, string> = {
  stg: 'Staging: orders and dictionary entries as received',
  dds: 'Detail data store: the Data Vault with its history',
  cdm: 'Common data marts: the ledger of orders, counters and tags of guests',
};

/** With secrets of receivers of tags, and nothing of orders. */
const leftOut = new Set(['cdm.webhooks', 'cdm.webhook_deliveries']);

/** Every new order adds a row to these, so that an old newest row means that orders do not arrive. */
const loadedByEachOrder = new Set(['stg.order_events', 'dds.s_order_details', 'cdm.order_versions']);
const freshness = {
  loaded_at_field: 'load_dt',
  freshness: { warn_after: { count: 1, period: 'hour' }, error_after: { count: 1, period: 'day' } },
};

type DataTest = string | { relationships: { arguments: { to: string; field: string } } };

/** The sources of dbt: what the entities say of their tables, columns and keys. */
export function dbtSources(entities: EntityMetadata[]): object {
  return {
    version: 2,
    sources: Object.entries(schemas).map(([schema, description]) => ({
      name: schema,
      schema,
      description,
      tables: entities
        .filter((entity) => entity.schema === schema && !leftOut.has(nameOf(entity)))
        .map(sourceTable),
    })),
  };
}

function nameOf({ schema, tableName }: EntityMetadata): string {
  return `${schema}.${tableName}`;
}

function sourceTable(entity: EntityMetadata): object {
  return {
    name: entity.tableName,
    description: commentOf(entity),
    ...(loadedByEachOrder.has(nameOf(entity)) && { config: freshness }),
    columns: columnsOf(entity).map((column) => sourceColumn(entity, column)),
  };
}

function sourceColumn(entity: EntityMetadata, column: ColumnMetadata): object {
  const tests = dataTests(entity, column);
  const declared = declarations.get(entity.target as TableClass) ?? views.get(entity.target as TableClass);
  const isPersonal = declared?.columns.some(({ name, personal }) => name === column.databaseName && personal);
  return {
    name: column.databaseName,
    description: column.comment,
    ...(isPersonal && { config: { meta: { personal: true } } }),
    ...(tests.length > 0 && { data_tests: tests }),
  };
}

/** What the keys promise of one column. Keys of several columns promise that each is there. */
function dataTests(entity: EntityMetadata, column: ColumnMetadata): DataTest[] {
  const keys = [entity.primaryColumns, ...entity.uniques.map(({ columns }) => columns)];
  const ofColumn = keys.filter((key) => key.includes(column));
  return [
    ...(ofColumn.length > 0 ? ['not_null'] : []),
    ...(ofColumn.some(({ length }) => length === 1) ? ['unique'] : []),
    ...entity.foreignKeys
      .filter(({ columns }) => columns.includes(column))
      .map(({ referencedEntityMetadata: { schema, tableName }, referencedColumns: [referenced] }) => ({
        relationships: {
          arguments: { to: `source('${schema}', '${tableName}')`, field: referenced!.databaseName },
        },
      })),
  ];
}
