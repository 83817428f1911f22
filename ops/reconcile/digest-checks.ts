import type { VaultTable } from '@app/data-vault/declare';
import { digestFrom, digestSql, keyOf } from '@app/data-vault/digest-sql';
import { orderTable, vaultTables } from '../../apps/dds/src/vault/vault';
import { recompute, type Check } from './check';

/** Hash keys and hashdiffs of the vault, computed again from the business keys and the attributes. */
export function digestChecks(): Check[] {
  const tables = [orderTable, ...vaultTables];
  const kinds: VaultTable['kind'][] = ['hub', 'link', 'satellite'];
  return kinds.flatMap((kind) => tables.filter((table) => table.kind === kind)).map(digestCheck);
}

function digestCheck(table: VaultTable): Check {
  const { name, columns, hashdiff } = table;
  const key = columns.flatMap((column) => (column.isKey && column.name !== hashdiff ? column.name : []));
  return recompute(name, key, hashdiff ?? keyOf(table), digestSql(table), digestFrom(table));
}
