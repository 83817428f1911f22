import { MessageRefused } from '@app/contracts/dead-letter.contract';
import { decimalText } from '@app/values/exact-number';
import { excerpt } from '@app/values/json-text';
import { parseMessage } from '@app/contracts/parse-message';
import { SourceOrder } from '@app/contracts/source-order.contract';
import { validated } from '@app/contracts/validate';
import type { KafkaRecord, Refused } from '@app/batches/outcome';
import { canonicalTime } from '@app/values/source-time';
import { orderVersion } from './order-version';

/** One version of one order as it was received, and of what it says that which staging asks for. */
export interface ReceivedOrder {
  kind: 'order';
  record: KafkaRecord;
  orderId: string;
  version: string;
  userId: string;
  restaurantId: string;
  sentDttm: string;
}

/** What a message of the source is: an order, something else to be recorded, or nothing that can be used. */
export type Received =
  ReceivedOrder | { kind: 'skipped'; record: KafkaRecord; objectType: string | null } | Refused;

/** With all that an order says, which is kept no longer than it takes to enrich it. */
export type Read = ReadOrder | Exclude<Received, ReceivedOrder>;

export interface ReadOrder {
  kind: 'order';
  received: ReceivedOrder;
  order: SourceOrder;
}

export function readOrder(record: KafkaRecord): Read {
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
    return { kind: 'order', received: receivedOrder(record, order), order };
  } catch (error) {
    if (error instanceof MessageRefused) {
      return { kind: 'refused', reason: error.reason, message: error.message };
    }
    throw error;
  }
}

function receivedOrder(record: KafkaRecord, { object_id, sent_dttm, payload }: SourceOrder): ReceivedOrder {
  return {
    kind: 'order',
    record,
    orderId: decimalText(object_id)!,
    version: orderVersion(payload.update_ts, sent_dttm, record.value!),
    userId: payload.user.id,
    restaurantId: payload.restaurant.id,
    sentDttm: canonicalTime(sent_dttm)!,
  };
}

/** What an order says, read once more. Its message was an order when it was received. */
export function readAgain(received: ReceivedOrder): ReadOrder {
  const order = validated(SourceOrder, parseMessage(received.record.value));
  return { kind: 'order', received, order };
}
