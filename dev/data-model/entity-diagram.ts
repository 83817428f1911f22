import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isView } from './entity-metadata';

/**
 * The tables as a Mermaid `erDiagram`, a line from each referenced table to those that refer to it. Columns that a
 * class inherits are left out: every table of the vault has them.
 */
export function entityDiagram(entities: EntityMetadata[]): string {
  const tables = entities.filter((entity) => !isView(entity));
  const lines = tables.flatMap((table) => [
    `  ${table.tableName} {`,
    ...table.ownColumns.filter((column) => column.target === table.target).map(attributeLine),
    '  }',
  ]);
  const relations = tables.flatMap((table) =>
    table.foreignKeys.map(({ columns, referencedEntityMetadata }) => {
      const unique = table.uniques.some((key) => key.columns.length === 1 && key.columns[0] === columns[0]);
      return `  ${referencedEntityMetadata.tableName} ||--${unique ? 'o|' : 'o{'} ${table.tableName} : ""`;
    }),
  );
  return ['```mermaid', 'erDiagram', ...lines, ...relations, '```', ''].join('\n');
}

function attributeLine(column: ColumnMetadata): string {
  const keys = [
    column.isPrimary && 'PK',
    column.entityMetadata.foreignKeys.some((key) => key.columns.includes(column)) && 'FK',
    column.entityMetadata.uniques.some((key) => key.columns.includes(column)) && 'UK',
  ];
  return `    ${String(column.type)} ${column.databaseName} ${keys.filter(Boolean).join(', ')}`.trimEnd();
}
