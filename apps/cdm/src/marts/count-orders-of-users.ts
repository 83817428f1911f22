import type { Client } from '@app/warehouse/warehouse';
import type { OrderChange } from '../ledger/newest-versions';
import type { Counting } from './declare-mart';
import { dimensions } from './dimensions';
import { MartChanges } from './mart-changes';
import { columnsOf } from './mart-statements';
import { measures } from './measures';

/** What `cdm.users` counts. It is no mart: its rows are there before the first order, and stay after the last. */
export const ordersOfUsers: Counting = {
  grain: [dimensions.user],
  measures: [{ ...measures.closedOrders, column: 'closed_order_cnt' }],
};

export async function countOrdersOfUsers(client: Client, orders: readonly OrderChange[]): Promise<void> {
  await columns.run(client, statement, new MartChanges(ordersOfUsers, orders).rows());
}

const columns = columnsOf([...ordersOfUsers.grain, ...ordersOfUsers.measures]);

const statement = {
  name: 'count_orders_of_users',
  text: /* sql */ `
    UPDATE cdm.users AS known SET closed_order_cnt = known.closed_order_cnt + change.closed_order_cnt
    FROM ${columns.unnest('change')} WHERE known.user_id = change.user_id AND ${columns.isAmong('known', 'user_id')}`,
};
