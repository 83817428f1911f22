import type { Client } from '@app/warehouse/warehouse';
import { textTable } from '../command/text-table';
import type { ParkedFilter } from './parked-filter';
import {
  countParked,
  longestParked,
  missingEntries,
  type MissingEntry,
  type ParkedOrder,
} from './parked-orders';

export interface ParkedList {
  /** Those that wait longest. */
  orders: ParkedOrder[];
  matching: number;
  missing: MissingEntry[];
}

export async function listParked(client: Client, filter: ParkedFilter, limit: number): Promise<ParkedList> {
  return {
    orders: await longestParked(client, filter, limit),
    matching: await countParked(client, filter),
    missing: await missingEntries(client, filter, limit),
  };
}

/** The list for people: one line an order, then what is missing. */
export function listText({ orders, matching, missing }: ParkedList): string {
  if (matching === 0) {
    return 'No such orders wait.';
  }
  const lines = orders.map((order) => [
    order.object_id,
    order.order_version,
    order.waiting_since.toISOString(),
    String(order.attempts),
    order.next_attempt_at.toISOString(),
    order.missing.map(entryText).join(', '),
  ]);
  const sums = missing.map((entry) => [entryText(entry), String(entry.orders)]);
  return [
    lines.length > 0 &&
      textTable(
        [['order', 'version', 'waits since', 'tried', 'next attempt', 'missing'], ...lines],
        [1, 2, 4, 5],
      ),
    lines.length < matching && `The ${lines.length} that wait longest of ${matching}; --limit shows more.`,
    sums.length > 0 && textTable([['missing', 'orders'], ...sums]),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** As --missing takes it, and where a dish is missing from. */
export function entryText({
  kind,
  id,
  restaurant_id: restaurant,
}: MissingEntry | ParkedOrder['missing'][number]): string {
  return restaurant ? `${kind}:${id} (restaurant ${restaurant})` : `${kind}:${id}`;
}
