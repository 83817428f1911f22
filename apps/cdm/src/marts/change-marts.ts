import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import type { MartTable } from './declare-mart';
import { MartChanges, type RowChange } from './mart-changes';
import { additionTo, statementsOf, type MartStatement } from './mart-statements';
import { marts } from './marts';

/** How rows of marts change, by mart, each in the order of its grain. */
type ChangesByMart = ReadonlyMap<MartTable, readonly RowChange[]>;

/**
 * Brings the marts up to date with the changes of orders, whose users are held: those of users, and at the same time a
 * slot of those at which replicas meet.
 * @param categoryNames by hash key, of at least the categories that gain orders
 */
export async function changeMarts(
  client: Client,
  orders: readonly OrderChange[],
  categoryNames: ReadonlyMap<string, string>,
): Promise<void> {
  const [shared, slot] = await together(changeMartsOfUsers(client, orders, categoryNames), takeSlot(client));
  await addToShared(client, slot, shared, categoryNames);
}

/**
 * Brings the marts of users up to date with the changes of orders, whose users are held.
 * @param categoryNames by hash key, of at least the categories that gain orders
 * @returns how the marts change at which replicas meet
 */
export async function changeMartsOfUsers(
  client: Client,
  orders: readonly OrderChange[],
  categoryNames: ReadonlyMap<string, string>,
): Promise<ChangesByMart> {
  const changes = new Map(marts.map((mart) => [mart, new MartChanges(mart, orders)]));
  const [shared, own] = [marts.filter(({ slots }) => slots), marts.filter(({ slots }) => !slots)];
  const moved = await together(
    ...own.map((mart) => changeMart(client, mart, changes.get(mart)!.rows(), categoryNames)),
  );
  own.forEach((mart, place) => {
    mart.countedBy.forEach((other) => changes.get(other)!.addRows(mart, moved[place]!));
  });
  return new Map(shared.map((mart) => [mart, changes.get(mart)!.rows()]));
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
  nameCategories(mart, growing, categoryNames);
  const [gone, , come] = await together(run(remove, others), run(update, others), run(upsert, growing));
  return [...gone, ...come];
}

/**
 * Adds changes to marts at which replicas meet.
 * @param slot as {@link takeSlot} gives it
 * @param categoryNames by hash key, of at least the categories that gain orders
 */
export async function addToShared(
  client: Client,
  slot: number,
  changes: ChangesByMart,
  categoryNames: ReadonlyMap<string, string>,
): Promise<void> {
  await together(
    ...Array.from(changes, ([mart, rows]) => {
      const addition = additionTo(mart);
      nameCategories(mart, rows, categoryNames);
      return addition.columns.run(client, addition, rows, slot);
    }),
  );
}

/** More than transactions write to shared marts at a time, which takes each some milliseconds. */
const SLOTS = 32;

/**
 * The first slot to which no other transaction adds, for the rest of this one: there are as many rows as there are
 * transactions at a time, not as there are replicas or partitions. Where none is free two add to one, and wait for each
 * other's rows: the sums are right in any slot.
 */
export async function takeSlot(client: Client): Promise<number> {
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
