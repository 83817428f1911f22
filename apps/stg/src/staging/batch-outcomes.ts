import type { Outcome } from '@app/batches/outcome';
import type { ParkedOrder, RefusedOrder } from './decide-versions';
import type { SendableOrder } from '../dictionary/enricher';
import type { Read, ReadOrder, Received, ReceivedOrder } from '../order/read-order';

/** A repeat inside the batch is the order that came first. */
export function repeatsAsOne(read: Read[]): Read[] {
  const versions = new Map<string, ReadOrder[]>();
  return read.map((one) => {
    if (one.kind !== 'order') {
      return one;
    }
    const { orderId, version } = one.received;
    const others = versions.get(orderId) ?? [];
    versions.set(orderId, others);
    const first = others.find(({ received }) => received.version === version);
    if (!first) {
      others.push(one);
    }
    return first ?? one;
  });
}

/** @param orders all orders of the batch, as far as they came */
export function outcomesOf(
  read: Received[],
  orders: (SendableOrder | ParkedOrder | RefusedOrder)[],
): Outcome[] {
  const ended = new Map(orders.map((order) => [order.received, order]));
  const sent = new Set<ReceivedOrder>();
  return read.map((one): Outcome => {
    if (one.kind === 'refused') {
      return one;
    }
    if (one.kind === 'skipped') {
      return { kind: 'skipped' };
    }
    const order = ended.get(one)!;
    if (order.kind === 'parked') {
      return { kind: 'parked', missing: [...new Set(order.missing.map(({ kind }) => kind))] };
    }
    if (order.kind !== 'complete') {
      return order.refused;
    }
    // Of repeats the first is sent on; but each that cannot be is a dead letter of its own.
    const output = sent.has(one) ? undefined : order.output;
    sent.add(one);
    return { kind: 'processed', output };
  });
}
