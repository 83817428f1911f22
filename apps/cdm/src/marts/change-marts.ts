import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import type { MartTable } from './declare-mart';
import { MartChanges, type RowChange } from './mart-changes';
import { additionTo, statementsOf, type MartStatement } from './mart-statements';
import { marts } from './marts';

/**
 * Brings all marts up to date with the changes of orders, whose users are held.
 * @param categoryNames by hash key, of at least the categories that gain orders
 */
export async function changeMarts(
  client: Client,
  orders: readonly OrderChange[],
  categoryNames: ReadonlyMap<string, string>,
): Promise<void> {
  const changes = new Map(marts.map((mart) => [mart, new MartChanges(mart, orders)]));
  for (const mart of marts.filter(({ slots }) => !slots)) {
    const moved = await changeMart(client, mart, changes.get(mart)!.rows(), categoryNames);
    mart.countedBy.forEach((other) => changes.get(other)!.addRows(mart, moved));
  }
  const shared = marts.filter(({ slots }) => slots);
  await addToShared(client, new Map(shared.map((mart) => [mart, changes.get(mart)!.rows()])), categoryNames);
}

/**
 * Changes rows of a mart of users, who are held, so the rows need no lock of their own. Those that only grow are
 * upserted. Others are deleted where they fall to zero, and else updated: what an upsert proposes must pass the checks
 * of the table, though it is only added.
 * @param changes in the order of the grain
 * @param categoryNames by hash key, of at least the categories that gain orders
 * @returns where other marts count the rows of this one: how many came less those that went, by the grain without the
 *   user
 */
async function changeMart(
  client: Client,
  mart: MartTable,
  changes: readonly RowChange[],
  categoryNames: ReadonlyMap<string, string>,
): Promise<RowChange[]> {
  const { remove, update, upsert } = statementsOf(mart);
  const run = (statement: MartStatement, rows: readonly RowChange[]) =>
    statement.columns.run<RowChange>(client, statement, rows);
  const growing: RowChange[] = [];
  const others: RowChange[] = [];
  for (const change of changes) {
    (isGrowth(mart, change) ? growing : others).push(change);
  }
  const gone = await run(remove, others);
  await run(update, others);
  nameCategories(mart, growing, categoryNames);
  const come = await run(upsert, growing);
  return [...gone, ...come];
}

/**
 * Adds changes to marts at which replicas meet, each to a slot.
 * @param changes by mart, in the order of its grain
 * @param categoryNames by hash key, of at least the categories that gain orders
 */
export async function addToShared(
  client: Client,
  changes: ReadonlyMap<MartTable, readonly RowChange[]>,
  categoryNames: ReadonlyMap<string, string>,
): Promise<void> {
  const all = [...changes].filter(([, rows]) => rows.length > 0);
  if (all.length === 0) {
    return;
  }
  const slot = await takeSlot(client);
  for (const [mart, rows] of all) {
    const addition = additionTo(mart);
    nameCategories(mart, rows, categoryNames);
    await addition.columns.run(client, addition, rows, slot);
  }
}

/** More than transactions write to shared marts at a time, which takes each some milliseconds. */
const SLOTS = 32;

/**
 * The first slot to which no other transaction adds, for the rest of this one: there are as many rows as there are
 * transactions at a time, not as there are replicas or partitions. Where none is free two add to one, and wait for each
 * other's rows: the sums are right in any slot.
 */
async function takeSlot(client: Client): Promise<number> {
  const { rows } = await client.query<{ slot: number }>({
    name: 'take_slot',
    text: /* sql */ `
      SELECT slot FROM generate_series(0, ${SLOTS - 1}) AS slot
      WHERE pg_try_advisory_xact_lock(hashtext('cdm.slots'), slot) LIMIT 1`,
  });
  return rows[0]?.slot ?? 0;
}

/** Orders come to the row, and nothing in it gets less. */
function isGrowth({ measures: [orders, ...others] }: MartTable, change: RowChange): boolean {
  return (
    Number(change[orders!.column]) > 0 &&
    others.every(({ column }) => !String(change[column]).startsWith('-'))
  );
}

/** A name that no table keeps comes with the orders: that of a category. Where orders only go it may be missing. */
function nameCategories(
  { names }: MartTable,
  changes: readonly RowChange[],
  categoryNames: ReadonlyMap<string, string>,
): void {
  const name = names.find(({ table }) => table === undefined);
  if (name) {
    for (const change of changes) {
      change[name.column] = categoryNames.get(String(change[name.of.column])) ?? null;
    }
  }
}
