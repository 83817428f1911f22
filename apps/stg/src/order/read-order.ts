import { MessageRefused } from '@app/contracts/dead-letter.contract';
import { decimalText } from '@app/values/exact-number';
import { excerpt } from '@app/values/json-text';
import { parseMessage } from '@app/contracts/parse-message';
import { SourceOrder } from '@app/contracts/source-order.contract';
import { validated } from '@app/contracts/validate';
import type { KafkaRecord, Refused } from '@app/batches/outcome';
import { orderVersion } from './order-version';

/** One version of one order as it was received. */
export interface ReceivedOrder {
  kind: 'order';
  record: KafkaRecord;
  order: SourceOrder;
  orderId: string;
  version: string;
}

/** What a message of the source is: an order, something else to be recorded, or nothing that can be used. */
export type Received =
  ReceivedOrder | { kind: 'skipped'; record: KafkaRecord; objectType: string | null } | Refused;

export function readOrder(record: KafkaRecord): Received {
  try {
    const object = parseMessage(record.value);
    const { object_type: objectType = null, payload = null } = object;
    if (objectType !== null && typeof objectType !== 'string') {
      throw new MessageRefused('invalid_message', `object_type must be a text, got ${excerpt(objectType)}`);
    }
    if (objectType !== 'order' || payload === null) {
      return { kind: 'skipped', record, objectType };
    }
    const order = validated(SourceOrder, object);
    return {
      kind: 'order',
      record,
      order,
      orderId: decimalText(order.object_id)!,
      version: orderVersion(order.payload.update_ts, order.sent_dttm, record.value!),
    };
  } catch (error) {
    if (error instanceof MessageRefused) {
      return { kind: 'refused', reason: error.reason, message: error.message };
    }
    throw error;
  }
}
