import { MessageRefused } from '@app/contracts/dead-letter.contract';
import { parseMessage } from '@app/contracts/parse-message';
import { StagedOrder } from '@app/contracts/staged-order.contract';
import { validated } from '@app/contracts/validate';
import type { KafkaRecord, Refused } from '@app/batches/outcome';
import { orderKeys, type OrderKeys } from './order-keys';

/** One order version with the names of the dictionary, and its hash keys. */
export interface EnrichedOrder {
  kind: 'order';
  staged: StagedOrder;
  keys: OrderKeys;
}

export function readStagedOrder(record: KafkaRecord): EnrichedOrder | Refused {
  try {
    const staged = validated(StagedOrder, parseMessage(record.value));
    return { kind: 'order', staged, keys: orderKeys(staged) };
  } catch (error) {
    if (error instanceof MessageRefused) {
      return { kind: 'refused', reason: error.reason, message: error.message };
    }
    throw error;
  }
}
