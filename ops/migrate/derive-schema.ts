import { declarations, views, type Table, type TableClass } from '@app/data-vault/columns';
import { orderTable, vaultTables } from '../../apps/dds/src/vault/vault';
import { blankingSql } from './blank-messages';
import { writeComments, type Database } from './comments';
import { forgettingSql } from './forgetting';

/**
 * Makes what follows from the declarations of tables and views, as often as it runs: how a user is forgotten, and
 * comments.
 * @param entities of all tables and views
 */
export async function deriveSchema(database: Database, entities: readonly TableClass[]): Promise<void> {
  const tables = inOrderOfLocks(entities.flatMap((entity) => declarations.get(entity) ?? []));
  await database.query(blankingSql());
  await database.query(forgettingSql(tables));
  const declaredViews = entities.flatMap((entity) => views.get(entity) ?? []);
  await writeComments(database, [...tables, ...declaredViews]);
}

/** Of a table that is not among them nothing is known: it is locked last. */
const order = [
  'stg.order_events',
  'stg.superseded_order_events',
  'stg.pending_orders',
  'stg.dictionary_entries',
  ...[orderTable, ...vaultTables].map(({ name }) => `dds.${name}`),
];

export function inOrderOfLocks(tables: readonly Table[]): Table[] {
  const place = ({ schema, name }: Table) => {
    const known = order.indexOf(`${schema}.${name}`);
    return known < 0 ? order.length : known;
  };
  return tables.toSorted((a, b) => place(a) - place(b));
}
