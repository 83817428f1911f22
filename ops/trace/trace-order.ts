import type { RecordReader } from '@app/kafka/record-reader';
import { orderInMarts, orderInStaging, orderInVault } from '../../apps/cdm/src/trace/order-in-layers';
import type { OrderTraceAnswer } from '../../apps/cdm/src/trace/trace.contract';
import { listDeadLetters, type DeadLetterList } from '../dead-letters/list-dead-letters';
import { withWarehouse } from '../servers/with-warehouse';

/** The life of an order, as each layer has it, and its messages that were refused. */
export interface OrderTrace extends Omit<OrderTraceAnswer, 'dead_letters'> {
  /** Undefined where dead letters were not looked through. */
  dead_letters: DeadLetterList['deadLetters'] | undefined;
}

/** Of dead letters of one order, so many are shown: those that were refused last. */
const MOST_LETTERS = 100;

/**
 * Reads one layer after the other, so what moves on meanwhile may stand in an earlier layer only.
 * @param letters where dead letters are to be looked through too: all of them are read. Default: of all services
 * @throws naming the database that cannot be used
 */
export async function traceOrder(
  variables: NodeJS.ProcessEnv,
  orderId: string,
  letters?: { reader: RecordReader; topic?: string[] },
): Promise<OrderTrace> {
  const staged = await withWarehouse(variables, 'stg', (warehouse) =>
    warehouse.read((client) => orderInStaging(client, orderId)),
  );
  const vault = await withWarehouse(variables, 'dds', (warehouse) =>
    warehouse.read((client) => orderInVault(client, orderId)),
  );
  const counted = await withWarehouse(variables, 'cdm', (warehouse) =>
    warehouse.read((client) => orderInMarts(client, orderId)),
  );
  const refused =
    letters &&
    (await listDeadLetters(letters.reader, { objectId: orderId, topic: letters.topic }, MOST_LETTERS));
  return { order_id: orderId, staged, vault, counted, dead_letters: refused?.deadLetters };
}

/** Whether any layer knows the order. */
export function isKnown({ staged, vault, counted, dead_letters = [] }: OrderTrace): boolean {
  return staged.length > 0 || vault !== null || counted !== null || dead_letters.length > 0;
}
