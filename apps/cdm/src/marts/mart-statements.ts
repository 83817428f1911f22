import type { ArrayType } from '@app/warehouse/binary-array';
import { Columns } from '@app/warehouse/columns';
import type { MartTable } from './declare-mart';
import { dimensions } from './dimensions';
import type { RowChange } from './mart-changes';

/** A statement over rows of a mart, with the columns that it is given of them. */
export interface MartStatement {
  name: string;
  text: string;
  columns: Columns<RowChange>;
}

const known = new WeakMap<MartTable, ReturnType<typeof makeStatements>>();

/** What changes a mart. */
export function statementsOf(mart: MartTable): ReturnType<typeof makeStatements> {
  const statements = known.get(mart) ?? makeStatements(mart);
  known.set(mart, statements);
  return statements;
}

export function columnsOf(columns: readonly { column: string; type: ArrayType }[]): Columns<RowChange> {
  return new Columns(columns.map(({ column, type }) => ({ name: column, type, isKey: false })));
}

function makeStatements(mart: MartTable) {
  const { name, grain, measures, names, isShared } = mart;
  const [orders] = measures;
  const key = list(grain);
  const all = list([...grain, ...names, ...measures]);
  const isSame = grain.map(({ column }) => `mart.${column} = change.${column}`).join(' AND ');
  const sums = (added: string) =>
    measures.map(({ column }) => `${column} = mart.${column} + ${added}.${column}`).join(', ');
  const givenNames = names
    .filter(({ table }) => table === undefined)
    .map(({ column }) => ({ column, type: 'text' as const }));
  const keptNames = names
    .filter(({ table }) => table !== undefined)
    .map(({ table, of }) => `JOIN ${table} USING (${of.column})`);
  const locked = columnsOf(grain);
  const changed = columnsOf([...grain, ...measures]);
  const proposed = columnsOf([...grain, ...measures, ...givenNames]);
  return {
    /** Locks rows in the order of the grain. */
    lock: {
      name: `lock_${name}`,
      columns: locked,
      text: /* sql */ `
        SELECT FROM cdm.${name} AS mart JOIN ${locked.unnest('change')} USING (${key})
        ORDER BY ${key} FOR UPDATE OF mart`,
    },
    /** Deletes rows that fall to zero. */
    remove: {
      name: `${name}_remove`,
      columns: changed,
      text: rowsMoved(
        mart,
        '-1',
        /* sql */ `
        DELETE FROM cdm.${name} AS mart USING ${changed.unnest('change')}
        WHERE ${isSame} AND mart.${orders!.column} + change.${orders!.column} = 0`,
      ),
    },
    update: {
      name: `${name}_update`,
      columns: changed,
      text: /* sql */ `
        UPDATE cdm.${name} AS mart SET ${sums('change')} FROM ${changed.unnest('change')} WHERE ${isSame}`,
    },
    /** Adds to rows that are there, and inserts the others with their names. */
    upsert: {
      name: `${name}_upsert`,
      columns: proposed,
      // A row that nobody has locked or updated yet, as an upsert does with one that is there, has no xmax.
      text: rowsMoved(
        mart,
        '(mart.xmax = 0)::integer',
        /* sql */ `
        INSERT INTO cdm.${name} AS mart (${all})
        SELECT ${all} FROM ${[proposed.unnest('change'), ...keptNames].join(' ')}
        ${isShared ? `ORDER BY ${key}` : ''}
        ON CONFLICT (${key}) DO UPDATE SET ${sums('EXCLUDED')}`,
      ),
    },
  };
}

/**
 * Where other marts count the rows of this one, the statement answers how many came or went, by the grain without the
 * user.
 */
function rowsMoved({ grain, countedBy }: MartTable, came: string, statement: string): string {
  if (countedBy.length === 0) {
    return statement;
  }
  const rest = grain.filter((dimension) => dimension !== dimensions.user);
  return /* sql */ `
    WITH moved AS (${statement}
      RETURNING ${rest.map(({ column }) => `mart.${column}`).join(', ')}, ${came} AS came)
    SELECT ${list(rest)}, sum(came)::integer AS rows FROM moved GROUP BY ${list(rest)} HAVING sum(came) <> 0`;
}

function list(columns: readonly { column: string }[]): string {
  return columns.map(({ column }) => column).join(', ');
}
