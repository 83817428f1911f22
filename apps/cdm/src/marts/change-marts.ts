import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import type { MartTable } from './declare-mart';
import { MartChanges, type RowChange } from './mart-changes';
import { statementsOf, type MartStatement } from './mart-statements';
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
  for (const mart of marts) {
    const moved = await changeMart(client, mart, changes.get(mart)!.rows(), categoryNames);
    mart.countedBy.forEach((other) => changes.get(other)!.addRows(mart, moved));
  }
}

/**
 * Changes rows of a mart. Those that only grow are upserted. Others are deleted where they fall to zero, and else
 * updated: what an upsert proposes must pass the checks of the table, though it is only added. Rows of users need no
 * lock of their own, since their writer holds the users; those at which replicas meet are written, or locked before any
 * of them shrinks, in the order of the grain.
 * @param changes in the order of the grain
 * @param categoryNames by hash key, of at least the categories that gain orders
 * @returns where other marts count the rows of this one: how many came less those that went, by the grain without the
 *   user
 */
export async function changeMart(
  client: Client,
  mart: MartTable,
  changes: readonly RowChange[],
  categoryNames: ReadonlyMap<string, string>,
): Promise<RowChange[]> {
  const { lock, remove, update, upsert } = statementsOf(mart);
  const run = (statement: MartStatement, rows: readonly RowChange[]) =>
    statement.columns.run<RowChange>(client, statement, rows);
  const growing: RowChange[] = [];
  const others: RowChange[] = [];
  for (const change of changes) {
    (isGrowth(mart, change) ? growing : others).push(change);
  }
  if (mart.isShared && others.length > 0) {
    await run(lock, changes);
  }
  const gone = await run(remove, others);
  await run(update, others);
  nameCategories(mart, growing, categoryNames);
  const come = await run(upsert, growing);
  return [...gone, ...come];
}

/** Orders come to the row, and nothing in it gets less. */
function isGrowth({ measures: [orders, ...others] }: MartTable, change: RowChange): boolean {
  return (
    Number(change[orders!.column]) > 0 &&
    others.every(({ column }) => !String(change[column]).startsWith('-'))
  );
}

/** A name that no table keeps comes with the orders: that of a category. */
function nameCategories(
  { names }: MartTable,
  changes: readonly RowChange[],
  categoryNames: ReadonlyMap<string, string>,
): void {
  const name = names.find(({ table }) => table === undefined);
  if (name) {
    for (const change of changes) {
      change[name.column] = categoryNames.get(String(change[name.of.column]))!;
    }
  }
}
