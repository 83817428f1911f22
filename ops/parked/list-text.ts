import type { Missing, MissingEntry, ParkedList } from '@app/operations/parked-orders';
import { textTable } from '../command/text-table';

/** The list for people: one line an order, then what is missing. */
export function listText({ orders, matching, missing }: ParkedList): string {
  if (matching === 0) {
    return 'No such orders wait.';
  }
  const lines = orders.map((order) => [
    order.object_id,
    order.order_version,
    timeText(order.waiting_since),
    String(order.attempts),
    timeText(order.next_attempt_at),
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

/** In UTC. */
function timeText(time: string): string {
  return new Date(time).toISOString();
}

/** As --missing takes it, and where a dish is missing from. */
function entryText({ kind, id, restaurant_id: restaurant }: MissingEntry | Missing): string {
  return restaurant ? `${kind}:${id} (restaurant ${restaurant})` : `${kind}:${id}`;
}
