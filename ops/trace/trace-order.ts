import type { Kafka } from 'kafkajs';
import { listDeadLetters, type DeadLetterList } from '../dead-letters/list-dead-letters';
import { withWarehouse } from '../servers/with-warehouse';
import { countedOrder, type CountedOrder } from './counted-order';
import { stagedOrder, type StagedVersion } from './staged-order';
import { vaultOrder, type VaultOrder } from './vault-order';

/** The life of an order, as each layer has it. A layer that does not know the order has nothing. */
export interface OrderTrace {
  orderId: string;
  staged: StagedVersion[];
  vault: VaultOrder | undefined;
  counted: CountedOrder | undefined;
  /** Undefined where dead letters were not looked through. */
  deadLetters: DeadLetterList['deadLetters'] | undefined;
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
  letters?: { kafka: Kafka; topic?: string[] },
): Promise<OrderTrace> {
  const staged = await withWarehouse(variables, 'stg', (warehouse) =>
    warehouse.read((client) => stagedOrder(client, orderId)),
  );
  const vault = await withWarehouse(variables, 'dds', (warehouse) =>
    warehouse.read((client) => vaultOrder(client, orderId)),
  );
  const counted = await withWarehouse(variables, 'cdm', (warehouse) =>
    warehouse.read((client) => countedOrder(client, orderId)),
  );
  const refused =
    letters &&
    (await listDeadLetters(letters.kafka, { objectId: orderId, topic: letters.topic }, MOST_LETTERS));
  return { orderId, staged, vault, counted, deadLetters: refused?.deadLetters };
}

/** Whether any layer knows the order. */
export function isKnown({ staged, vault, counted, deadLetters = [] }: OrderTrace): boolean {
  return staged.length > 0 || vault !== undefined || counted !== undefined || deadLetters.length > 0;
}
