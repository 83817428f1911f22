import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/**
 * The columns of a table in the order of its declaration, inherited ones last: TypeORM has these in the order in which
 * classes were loaded.
 */
export function columnsOf(entity: EntityMetadata): ColumnMetadata[] {
  return [
    ...entity.columns.filter((column) => column.target === entity.target),
    ...entity.columns
      .filter((column) => column.target !== entity.target)
      .toSorted((one, other) => depthOf(one.target) - depthOf(other.target)),
  ];
}

/** How many classes a class comes of. */
function depthOf(target: unknown): number {
  const parent: unknown = typeof target === 'function' ? Object.getPrototypeOf(target) : null;
  return parent === null ? 0 : 1 + depthOf(parent);
}
