import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import { holdUsers } from '../ledger/hold-users';
import type { MartTable } from './declare-mart';
import { dimensions, type Dimension } from './dimensions';
import type { RowChange } from './mart-changes';
import { columnsOf } from './mart-statements';
import { marts } from './marts';

/**
 * So many names of a dimension, and rows of a mart, at a time, for the patience of those who wait for the same rows.
 */
const STEP_NAMES = 50;
const STEP_ROWS = 500;

/** The dimensions that keep names, and the marts that hold copies of them: a view reads the name where it is kept. */
const spreading = Object.values<Dimension>(dimensions)
  .filter(({ name }) => name?.table)
  .map((of) => ({
    of,
    shownBy: marts.filter(({ slots, names }) => !slots && names.some((name) => name.of === of)),
  }));

/** A name that marts may still show as it was before. */
export interface SpreadingName {
  of: Dimension;
  shownBy: readonly MartTable[];
  id: string;
  name: string;
  valid_from: string;
}

export async function spreadingNames(client: Client): Promise<SpreadingName[]> {
  const names = await together(
    ...spreading.map(async ({ of, shownBy }) => {
      const { rows } = await client.query<Omit<SpreadingName, 'of' | 'shownBy'>>({
        name: `spreading_${of.column}`,
        text: /* sql */ `
          SELECT ${of.column} AS id, ${of.name!.column} AS name, valid_from FROM ${of.name!.table} WHERE spreading
          ORDER BY ${of.column} LIMIT ${STEP_NAMES}`,
      });
      return rows.map((row) => ({ ...row, of, shownBy }));
    }),
  );
  return names.flat();
}

/**
 * Brings the name to rows of a mart, whose locks are those of a batch: the users of the rows.
 * @returns whether there may be more rows with an older name
 */
export async function spreadName(
  client: Client,
  mart: MartTable,
  { of, id, name }: SpreadingName,
): Promise<boolean> {
  const key = mart.grain.map(({ column }) => column);
  const { rows } = await client.query<RowChange>(
    /* sql */ `
    SELECT ${key.map((column) => `${column}::text`).join(', ')} FROM cdm.${mart.name} AS mart
    WHERE ${of.column} = $1 AND ${of.name!.column} <> $2
    ORDER BY ${key.map((column) => `mart.${column}`).join(', ')} LIMIT ${STEP_ROWS}`,
    [id, name],
  );
  await holdUsers(client, [...new Set(rows.map(({ user_id }) => String(user_id)))]);
  const columns = columnsOf(mart.grain);
  const text = /* sql */ `
    UPDATE cdm.${mart.name} AS mart SET ${of.name!.column} = $${key.length + 1} FROM ${columns.unnest('older')}
    WHERE ${key.map((column) => `mart.${column} = older.${column}`).join(' AND ')}`;
  await columns.run(client, { text }, rows, name);
  return rows.length === STEP_ROWS;
}

/** Takes the mark away unless the name has changed again, or a mart shows another. */
export async function endSpreading(
  client: Client,
  { of, shownBy, id, name, valid_from }: SpreadingName,
): Promise<boolean> {
  const { rowCount } = await client.query(
    /* sql */ `
    UPDATE ${of.name!.table} SET spreading = false
    WHERE ${of.column} = $1 AND ${of.name!.column} = $2 AND valid_from = $3
      ${shownBy.map((mart) => `AND NOT EXISTS (SELECT 1 FROM cdm.${mart.name} WHERE ${of.column} = $1 AND ${of.name!.column} <> $2)`).join(' ')}`,
    [id, name, valid_from],
  );
  return rowCount === 1;
}
