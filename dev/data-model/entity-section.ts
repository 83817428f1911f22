import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { columnsOf } from './entity-columns';
import { purposeOf, purposeOfKey, purposeOfUnique } from './index-purposes';

/** A Markdown section about one table or view: what it is for, its columns, and its keys, checks and indexes. */
export function entitySection(entity: EntityMetadata): string {
  return [
    `### ${entity.schema}.${entity.tableName}`,
    '',
    ...(entity.comment ? [`${entity.comment}.`, ''] : []),
    '| Column | Type | Meaning |',
    '| --- | --- | --- |',
    ...columnsOf(entity).map(
      (column) => `| \`${column.databaseName}\` | ${typeOf(column)} | ${column.comment} |`,
    ),
    '',
    ...constraints(entity),
    '',
  ].join('\n');
}

function typeOf(column: ColumnMetadata): string {
  const size = column.precision ? `(${column.precision}, ${column.scale})` : '';
  const collation = column.collation ? ` COLLATE "${column.collation}"` : '';
  const type = `\`${String(column.type)}${size}${column.isArray ? '[]' : ''}${collation}\``;
  return column.isNullable ? `${type}, may be null` : type;
}

function constraints(entity: EntityMetadata): string[] {
  const list = (columns: ColumnMetadata[]) =>
    columns.map((column) => `\`${column.databaseName}\``).join(', ');
  return [
    ...(entity.primaryColumns.length > 0
      ? [`- Primary key: ${list(entity.primaryColumns)}. ${sentence(purposeOfKey(entity))}`]
      : []),
    ...entity.uniques.map(
      (key) => `- Unique: ${list(key.columns)}. ${sentence(purposeOfUnique(entity, key.name))}`,
    ),
    ...entity.foreignKeys.map(
      (key) => `- ${list(key.columns)} refers to \`${key.referencedEntityMetadata.tablePath}\``,
    ),
    ...entity.checks.map((check) => `- Check: \`${check.expression}\``),
    ...entity.indices.map(
      (index) =>
        `- ${index.isUnique ? 'Unique index' : 'Index'} \`${index.name}\`` +
        (index.columns.length > 0 ? ` over ${list(index.columns)}` : '') +
        (index.where ? ` where \`${index.where}\`` : '') +
        `. ${sentence(purposeOf(index.name))}`,
    ),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
