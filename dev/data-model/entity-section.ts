import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { columnsOf } from './entity-columns';
import { commentOf } from './entity-metadata';
import type { Edition } from './editions';
import { purposeOf, purposeOfKey, purposeOfUnique } from './index-purposes';

/** A Markdown section about one table or view: its meaning, columns and keys; for builders checks and indexes too. */
export function entitySection(entity: EntityMetadata, edition: Edition): string {
  const rows = columnsOf(entity).map((column) => [
    `\`${column.databaseName}\``,
    typeOf(column, edition),
    edition.read(column.comment ?? ''),
  ]);
  return [
    `### ${entity.schema}.${entity.tableName}`,
    '',
    `${edition.read(commentOf(entity))}.`,
    '',
    ...[edition.columns, ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...keys(entity, edition),
    ...(edition.isForBuilders ? checksAndIndexes(entity) : []),
    '',
  ].join('\n');
}

function typeOf(column: ColumnMetadata, { nullable }: Edition): string {
  const size = column.precision ? `(${column.precision}, ${column.scale})` : '';
  const collation = column.collation ? ` COLLATE "${column.collation}"` : '';
  const type = `\`${String(column.type)}${size}${column.isArray ? '[]' : ''}${collation}\``;
  return column.isNullable ? `${type}, ${nullable}` : type;
}

function keys(entity: EntityMetadata, { primaryKey, unique, refersTo, isForBuilders }: Edition): string[] {
  const purpose = (text: () => string) => (isForBuilders ? `. ${sentence(text())}` : '');
  return [
    ...(entity.primaryColumns.length > 0
      ? [`- ${primaryKey}: ${list(entity.primaryColumns)}${purpose(() => purposeOfKey(entity))}`]
      : []),
    ...entity.uniques.map(
      (key) => `- ${unique}: ${list(key.columns)}${purpose(() => purposeOfUnique(entity, key.name))}`,
    ),
    ...entity.foreignKeys.map(
      (key) => `- ${list(key.columns)} ${refersTo} \`${key.referencedEntityMetadata.tablePath}\``,
    ),
  ];
}

function checksAndIndexes(entity: EntityMetadata): string[] {
  return [
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

function list(columns: readonly ColumnMetadata[]): string {
  return columns.map((column) => `\`${column.databaseName}\``).join(', ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
