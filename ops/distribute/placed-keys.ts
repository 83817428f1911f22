import type pg from 'pg';
import type { Place } from '@app/data-vault/columns';

/** A key of a table that does not stay on one node. */
export interface PlacedKey {
  table: string;
  name: string;
  isForeign: boolean;
  /** As it has to be; undefined: it can't be. */
  definition?: string;
  isChanged: boolean;
}

interface Constraint {
  table: string;
  name: string;
  type: 'p' | 'u' | 'f';
  columns: string[];
  definition: string;
  parent: string | null;
  parentColumns: string[] | null;
}

/**
 * Keys as they have to be where the tables are spread: a node sees its own rows alone, so a unique key has the column
 * by which the table is spread, and a foreign key between two such tables has that column of both.
 */
export async function placedKeys(
  client: Pick<pg.Client, 'query'>,
  tables: ReadonlyMap<string, Place>,
): Promise<PlacedKey[]> {
  const { rows } = await client.query<Constraint>(constraints, [[...tables.keys()]]);
  return rows.flatMap((key) => (key.type === 'f' ? foreignKey(key, tables) : uniqueKey(key, tables)));
}

function uniqueKey(
  { table, name, type, columns }: Constraint,
  tables: ReadonlyMap<string, Place>,
): PlacedKey[] {
  const column = spreadBy(tables.get(table));
  if (!column || columns.includes(column)) {
    return [];
  }
  const definition = `${type === 'p' ? 'PRIMARY KEY' : 'UNIQUE'} (${[column, ...columns].join(', ')})`;
  return [{ table, name, isForeign: false, definition, isChanged: true }];
}

function foreignKey(key: Constraint, tables: ReadonlyMap<string, Place>): PlacedKey[] {
  const { table, name, columns, parent, parentColumns } = key;
  const [own, other] = [spreadBy(tables.get(table)), spreadBy(tables.get(parent!))];
  const common = { table, name, isForeign: true };
  if (tables.get(parent!) === 'everywhere') {
    return [{ ...common, definition: key.definition, isChanged: false }];
  }
  if (!own || !other) {
    return [{ ...common, isChanged: true }];
  }
  if (parentColumns!.includes(other)) {
    return [{ ...common, definition: key.definition, isChanged: false }];
  }
  const definition = `FOREIGN KEY (${[own, ...columns].join(', ')}) REFERENCES ${parent} (${[other, ...parentColumns!].join(', ')})`;
  return [{ ...common, definition, isChanged: true }];
}

function spreadBy(place: Place | undefined): string | undefined {
  return typeof place === 'object' ? place.spreadBy : undefined;
}

const names = (relation: string, numbers: string) => /* sql */ `
  ARRAY(SELECT attname::text FROM unnest(${numbers}) WITH ORDINALITY AS key (attnum, place)
    JOIN pg_attribute USING (attnum) WHERE attrelid = ${relation} ORDER BY place)`;

const constraints = /* sql */ `
  SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname) AS table, quote_ident(conname) AS name, contype AS type,
    ${names('conrelid', 'conkey')} AS columns, pg_get_constraintdef(k.oid) AS definition,
    CASE WHEN p.oid IS NOT NULL THEN format('%I.%I', p.relnamespace::regnamespace, p.relname) END AS parent, ${names('confrelid', 'confkey')} AS "parentColumns"
  FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid LEFT JOIN pg_class p ON p.oid = confrelid
  WHERE contype IN ('p', 'u', 'f') AND conrelid = ANY ($1::text[]::regclass[])
  ORDER BY 1, 2`;
