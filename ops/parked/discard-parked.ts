import { deadLetter } from '@app/batches/dead-letter';
import { Delivery } from '@app/kafka/delivery';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { addDeadLetters } from '@app/service/write-state';
import type { Warehouse } from '@app/warehouse/warehouse';
import type { Kafka } from 'kafkajs';
import { removeParked, type WaitingOrder } from '../../apps/stg/src/staging/parked-orders';
import { entryText } from './list-parked';
import type { ParkedFilter } from './parked-filter';
import { holdJob, nextParked } from './parked-orders';

/**
 * Makes dead letters of parked orders. Step by step: while the job of stg is held off, the dead letters are
 * acknowledged, then the orders wait no longer. After a crash in between an order still waits, and may become a dead
 * letter twice, never none.
 * @returns how many
 */
export async function discardParked(
  kafka: Kafka,
  warehouse: Warehouse,
  deadLetterTopic: string,
  filter: ParkedFilter,
): Promise<number> {
  const publisher = new MessagePublisher(kafka);
  let discarded = 0;
  try {
    for (let behind = { orderId: '-1', version: '' }; ;) {
      const orders = await warehouse.transaction(async (client) => {
        await holdJob(client);
        const next = await nextParked(client, filter, behind);
        if (next.length > 0) {
          await publisher.publish(new Delivery(deadLetterTopic, next.map(letterOf)));
          await removeParked(client, next);
          await addDeadLetters(client, 'stg', new Map([['no_dictionary', next.length]]));
        }
        return next;
      });
      if (orders.length === 0) {
        return discarded;
      }
      discarded += orders.length;
      behind = orders.at(-1)!;
    }
  } finally {
    await publisher.onApplicationShutdown();
  }
}

function letterOf({ record, missing }: WaitingOrder) {
  const message = `an operator gave up waiting for ${missing.map(entryText).join(', ')}`;
  return deadLetter(record, { kind: 'refused', reason: 'no_dictionary', message }, 'stg');
}
