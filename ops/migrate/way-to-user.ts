import type { Table } from '@app/data-vault/columns';
import { isVaultTable, type VaultTable } from '@app/data-vault/declare';
import { keyOf } from '@app/data-vault/digest-sql';

/** From a key of the vault to another: the link that has both. */
interface Step {
  link: VaultTable;
  from: string;
  to: string;
}

/**
 * How a row leads to its user: by a column, and links of the vault from there. In the end there is the id of the user
 * at the source (`user_id`), the hash key (`h_user_pk`), or the id of an order of the user.
 */
export interface Way {
  column: string;
  steps: Step[];
  end: 'user_id' | 'h_user_pk' | 'order_id';
  /** Other columns, and what they hold where the row is of a user. */
  where?: Record<string, string>;
}

/**
 * @param tables all there are
 * @returns nothing where no way leads from the table to one user
 */
export function wayToUser(table: Table, tables: readonly Table[]): Way | undefined {
  const vault = tables.filter(isVaultTable);
  if (isVaultTable(table)) {
    const [start] = table.kind === 'satellite' ? table.parents : [{ column: keyOf(table), table }];
    const steps = start && stepsToUser(start.table, vault);
    return steps && { column: start!.column, steps, end: 'h_user_pk' };
  }
  const { belongsTo } = table;
  if (!belongsTo) {
    return undefined;
  }
  if ('user' in belongsTo) {
    const { user: column, where } = belongsTo;
    return { column, steps: [], end: isHashKey(table, column) ? 'h_user_pk' : 'user_id', where };
  }
  const { order: column } = belongsTo;
  if (!isHashKey(table, column)) {
    return { column, steps: [], end: 'order_id' };
  }
  const orders = vault.find(({ name }) => name === 'h_order');
  const steps = orders && stepsToUser(orders, vault);
  return steps && { column, steps, end: 'h_user_pk' };
}

/**
 * A link belongs to the user to whom one of its parents belongs; a hub to the one whom the links that it drives name.
 * @returns the shortest way
 */
function stepsToUser(table: VaultTable, vault: VaultTable[], seen: VaultTable[] = []): Step[] | undefined {
  if (table.name === 'h_user') {
    return [];
  }
  if (seen.includes(table)) {
    return undefined;
  }
  const links = table.kind === 'link' ? [table] : vault.filter((link) => drivenBy(link) === table);
  const ways = links.flatMap((link) => {
    const from = link === table ? keyOf(link) : link.drivingKey!;
    return link.parents.flatMap(({ column: to, table: parent }) => {
      const rest = to === from ? undefined : stepsToUser(parent, vault, [...seen, table]);
      return rest ? [[{ link, from, to }, ...rest]] : [];
    });
  });
  return ways.toSorted((one, other) => one.length - other.length)[0];
}

function drivenBy({ parents, drivingKey }: VaultTable): VaultTable | undefined {
  return parents.find(({ column }) => column === drivingKey)?.table;
}

function isHashKey({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name && column.type === 'uuid');
}

/**
 * Whether a row is of a user, as a condition of SQL.
 * @param row its name
 * @param user gives what has to hold for the end of the way; `from` where that needs a table
 */
export function isOf(
  row: string,
  { column, steps, where = {} }: Way,
  user: (end: string) => { from?: string; holds: string },
): string {
  const last = steps.length > 0 ? `way${steps.length}.${steps.at(-1)!.to}` : `${row}.${column}`;
  const { from, holds } = user(last);
  const tables = [
    ...steps.map(({ link }, place) => `dds.${link.name} way${place + 1}`),
    ...(from ? [from] : []),
  ];
  const joined = steps.map(
    (step, place) =>
      `way${place + 1}.${step.from} = ${place === 0 ? `${row}.${column}` : `way${place}.${steps[place - 1]!.to}`}`,
  );
  const given = Object.entries(where).map(([name, value]) => `${row}.${name} = '${value}'`);
  const found = [...joined, holds].join(' AND ');
  return [
    ...given,
    tables.length > 0 ? `EXISTS (SELECT FROM ${tables.join(', ')} WHERE ${found})` : found,
  ].join(' AND ');
}
