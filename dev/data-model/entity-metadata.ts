import { DataSource, type EntityMetadata } from 'typeorm';
import { views, type TableClass } from '@app/data-vault/columns';
import { entityClasses } from '../../ops/migrate/entity-classes';

/** What the entities say of their tables and views, without a database: tables first, each kind by name. */
export async function entityMetadata(): Promise<EntityMetadata[]> {
  const source = new DataSource({ type: 'postgres', entities: await entityClasses() });
  // Protected, since `initialize` calls it; but that connects as well.
  await source['buildMetadatas']();
  return source.entityMetadatas.toSorted(
    (a, b) => Number(isView(a)) - Number(isView(b)) || (a.tableName < b.tableName ? -1 : 1),
  );
}

/** Whether the entity stands for a view. */
export function isView(entity: EntityMetadata): boolean {
  return entity.tableType === 'view';
}

/** What the table or view is for. */
export function commentOf(entity: EntityMetadata): string {
  return views.get(entity.target as TableClass)?.comment ?? entity.comment ?? '';
}
