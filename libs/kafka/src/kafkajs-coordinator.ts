import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import OffsetManager from 'kafkajs/src/consumer/offsetManager/index.js';
import errors from 'kafkajs/src/errors.js';
import { refusalOf } from './kafka-refusal';
import type { Broker } from './kafkajs-cluster';

/*
 * kafkajs asks for the coordinator of a group when it joins, and then keeps to that broker: while it is away, no
 * heartbeat and no offset arrives, though another broker has long been the coordinator. So each batch is done again and
 * again until the broker is back. Here the coordinator is asked for when there is no connection to it, and when it says
 * that it is not the coordinator any more. Imported for that effect, before the first consumer is made.
 */
const MOVED = 'NOT_COORDINATOR_FOR_GROUP';

const { heartbeat } = ConsumerGroup.prototype;
ConsumerGroup.prototype.heartbeat = function (this: ConsumerGroup, options: object) {
  return withCoordinator(this, () => heartbeat.call(this, options));
};

const { commitOffsets } = OffsetManager.prototype;
OffsetManager.prototype.commitOffsets = function (this: OffsetManager, offsets?: object) {
  return withCoordinator(this, () => commitOffsets.call(this, offsets));
};

async function withCoordinator(
  client: ConsumerGroup | OffsetManager,
  ask: () => Promise<void>,
): Promise<void> {
  if (client.coordinator && !client.coordinator.isConnected()) {
    client.coordinator = await coordinatorOf(client);
  }
  try {
    await ask();
  } catch (error) {
    if ((error as { type?: string }).type !== MOVED) {
      throw error;
    }
    client.coordinator = await coordinatorOf(client);
    await ask();
  }
}

/**
 * While none is found the consumer stays in the group and tries again, unless it is refused: another error would end
 * it.
 */
async function coordinatorOf({ cluster, groupId }: ConsumerGroup | OffsetManager): Promise<Broker> {
  try {
    return await cluster.findGroupCoordinator({ groupId });
  } catch (error) {
    throw refusalOf(error).isFinal ? error : new errors.KafkaJSError(error as Error, { retriable: true });
  }
}
