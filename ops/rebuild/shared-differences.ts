import type { Client } from '@app/warehouse/warehouse';
import { workAsBatch } from '../../apps/cdm/src/ledger/batches-in-hand';
import { addToShared, takeSlot } from '../../apps/cdm/src/marts/change-marts';
import { marts } from '../../apps/cdm/src/marts/marts';
import { recount } from '../../apps/cdm/src/marts/recount';
import { CATEGORIES, namesOf } from '../reconcile/expected-marts';
import type { Vault } from './vault';

type MartTable = (typeof marts)[number];
type RowChange = Record<string, string | number | null>;

/** By how much the marts that all users share would have to change. */
export type SharedDifferences = Map<MartTable, RowChange[]>;

const sharedMarts = marts.filter(({ slots }) => slots);

/**
 * Corrects the marts that all users share by what they are off from the ledger. A batch changes both alike, in one
 * transaction: what one statement finds them off stays true while batches go on, and is added as a batch adds, without
 * losing what others add meanwhile.
 * @returns how many rows were corrected
 */
export function mendSharedMarts(client: Client, vault: Vault): Promise<number> {
  return workAsBatch(client, [], async () => {
    const categories = await vault.lendTo(client, 'categories', CATEGORIES);
    const off = await sharedDifferences(client, 'cdm.order_versions');
    await applyShared(client, categories, off);
    const corrected = [...off.values()].reduce((sum, { length }) => sum + length, 0);
    return corrected + (await mendNames(client, categories));
  });
}

/** Of rows that are there, where no other table keeps the name; new ones come with the names of now. */
async function mendNames(client: Client, categories: string): Promise<number> {
  let corrected = 0;
  for (const { slots, names } of sharedMarts) {
    for (const name of names.filter(({ table }) => table === undefined)) {
      const { of, column } = name;
      const { rowCount } = await client.query(/* sql */ `
        UPDATE ${slots!.table} AS mart SET ${column} = named.${column} FROM ${namesOf(name, categories)} AS named
        WHERE mart.${of.column} = named.${of.column} AND mart.${column} <> named.${column}`);
      corrected += rowCount!;
    }
  }
  return corrected;
}

/**
 * Each mart by one statement, in the order of its grain.
 * @param expected the ledger that counts: a table, or a query in brackets
 * @param found another ledger; undefined: the marts as they stand
 * @param values the parameters of `found`
 */
export async function sharedDifferences(
  client: Client,
  expected: string,
  found?: string,
  values: unknown[] = [],
): Promise<SharedDifferences> {
  const differences: SharedDifferences = new Map();
  for (const mart of sharedMarts) {
    const there = found === undefined ? `cdm.${mart.name}` : `(${recount(mart, found)})`;
    const { rows } = await client.query<RowChange>(differing(mart, recount(mart, expected), there), values);
    differences.set(mart, rows);
  }
  return differences;
}

/** Dates and money as texts. */
function differing({ grain, measures }: MartTable, expected: string, found: string): string {
  const key = grain.map(({ column }) => column).join(', ');
  const off = measures.map(({ column }) => `coalesce(e.${column}, 0) - coalesce(f.${column}, 0)`);
  const texts = grain.map(({ column }) => `${column}::text`);
  return /* sql */ `
    SELECT ${[...texts, ...measures.map(({ column }, place) => `${off[place]} AS ${column}`)].join(', ')}
    FROM (${expected}) AS e FULL JOIN ${found} AS f USING (${key})
    WHERE ${off.map((difference) => `${difference} <> 0`).join(' OR ')}
    ORDER BY ${texts.map((text) => `${text} COLLATE "C"`).join(', ')}`;
}

/**
 * As batches do.
 * @param categories a relation with the rows of `CATEGORIES`
 */
export async function applyShared(
  client: Client,
  categories: string,
  differences: SharedDifferences,
): Promise<void> {
  const ids = new Set(
    [...differences.values()].flatMap((rows) => rows.map(({ category_id }) => category_id)),
  );
  const { rows } = await client.query<{ id: string; name: string }>(
    `SELECT h_category_pk AS id, category_name AS name FROM ${categories} AS category WHERE h_category_pk = ANY ($1::uuid[])`,
    [[...ids]],
  );
  const categoryNames = new Map(rows.map(({ id, name }) => [id, name]));
  await addToShared(client, await takeSlot(client), differences, categoryNames);
}
