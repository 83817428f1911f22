import type { ArrayType } from '@app/warehouse/binary-array';
import { Columns } from '@app/warehouse/columns';
import { SLOT, type MartTable } from './declare-mart';
import { dimensions } from './dimensions';
import type { RowChange } from './mart-changes';

/** A statement over rows of a mart, with the columns that it is given of them. */
export interface MartStatement {
  /** Without one PostgreSQL plans it each time, by the rows that it is given. */
  name?: string;
  text: string;
  columns: Columns<RowChange>;
}

const known = new WeakMap<MartTable, ReturnType<typeof makeStatements>>();

/** What changes a mart of users. */
export function statementsOf(mart: MartTable): ReturnType<typeof makeStatements> {
  const statements = known.get(mart) ?? makeStatements(mart);
  known.set(mart, statements);
  return statements;
}

export function columnsOf(columns: readonly { column: string; type: ArrayType }[]): Columns<RowChange> {
  return new Columns(columns.map(({ column, type }) => ({ name: column, type, isKey: false })));
}

function makeStatements(mart: MartTable) {
  const { name, grain, measures } = mart;
  const [orders] = measures;
  const changed = columnsOf([...grain, ...measures]);
  const isSame = [
    ...grain.map(({ column }) => `mart.${column} = change.${column}`),
    changed.isAmong('mart', dimensions.user.column),
  ].join(' AND ');
  return {
    /** Deletes rows that fall to zero. */
    remove: {
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
      columns: changed,
      text: /* sql */ `
        UPDATE cdm.${name} AS mart SET ${sums(mart, 'change')} FROM ${changed.unnest('change')} WHERE ${isSame}`,
    },
    upsert: upsertStatement(mart),
  };
}

/** Adds to rows that are there, and inserts the others with their names. */
function upsertStatement(mart: MartTable): MartStatement {
  const { name, grain, measures, names } = mart;
  const all = list([...grain, ...names, ...measures]);
  const keptNames = names
    .filter(({ table }) => table !== undefined)
    .map(({ table, of }) => `JOIN ${table} USING (${of.column})`);
  const proposed = columnsOf([...grain, ...measures, ...givenNames(mart)]);
  return {
    name: `${name}_upsert`,
    columns: proposed,
    // A row that nobody has locked or updated yet, as an upsert does with one that is there, has no xmax.
    text: rowsMoved(
      mart,
      '(mart.xmax = 0)::integer',
      /* sql */ `
      INSERT INTO cdm.${name} AS mart (${all})
      SELECT ${all} FROM ${[proposed.unnest('change'), ...keptNames].join(' ')}
      ON CONFLICT (${list(grain)}) DO UPDATE SET ${sums(mart, 'EXCLUDED')}`,
    ),
  };
}

const additions = new WeakMap<MartTable, MartStatement>();

/** What adds to a slot of a mart, whose number is the last parameter. */
export function additionTo(mart: MartTable): MartStatement {
  const statement = additions.get(mart) ?? makeAddition(mart);
  additions.set(mart, statement);
  return statement;
}

/** Rows are written in the order of the grain, should another transaction add to the same slot after all. */
function makeAddition(mart: MartTable): MartStatement {
  const { name, slots, grain, measures } = mart;
  const names = givenNames(mart);
  const given = [...grain, ...measures, ...names];
  const columns = columnsOf(given);
  const setNames = names.map(({ column }) => `, ${column} = coalesce(mart.${column}, EXCLUDED.${column})`);
  return {
    name: `${name}_add`,
    columns,
    text: /* sql */ `
      INSERT INTO ${slots!.table} AS mart (${list(given)}, ${SLOT})
      SELECT ${list(given)}, $${given.length + 1}::integer FROM ${columns.unnest('change')}
      ORDER BY ${list(grain)}
      ON CONFLICT (${list(grain)}, ${SLOT}) DO UPDATE SET ${sums(mart, 'EXCLUDED')}${setNames.join('')}`,
  };
}

/** Names that no table keeps: they come with the changes. */
function givenNames({ names }: MartTable): { column: string; type: 'text' }[] {
  return names.filter(({ table }) => table === undefined).map(({ column }) => ({ column, type: 'text' }));
}

function sums({ measures }: MartTable, added: string): string {
  return measures.map(({ column }) => `${column} = mart.${column} + ${added}.${column}`).join(', ');
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
