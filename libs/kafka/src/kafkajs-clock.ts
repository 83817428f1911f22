import BrokerPool from 'kafkajs/src/cluster/brokerPool.js';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import SocketRequest from 'kafkajs/src/network/requestQueue/socketRequest.js';

/*
 * kafkajs measures time by the clock of the wall. Set back by an hour, a consumer sends no heartbeat for an hour, hence
 * falls out of its group again and again; no request times out, and one that a quota throttles is not sent. Here its
 * moments move with the clock, so that what is between them stays as long as it was. Imported for that effect, before
 * the first client is made.
 */

/** Properties that hold a moment, in milliseconds since 1970. */
const moments: [of: { prototype: object }, name: string][] = [
  [ConsumerGroup, 'lastRequest'],
  [RequestQueue, 'throttledUntil'],
  [SocketRequest, 'createdAt'],
  [SocketRequest, 'sentAt'],
  [BrokerPool, 'metadataExpireAt'],
];

for (const [{ prototype }, name] of moments) {
  moveWithClock(prototype, name);
}

/** Keeps a moment by the monotonic clock, and gives it by the one of the wall, as that is now. */
function moveWithClock(prototype: object, name: string): void {
  const kept = new WeakMap<object, number | null>();
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: object): number | null {
      const moment = kept.get(this) ?? null;
      return moment === null ? null : moment + offset();
    },
    set(this: object, moment: number | null) {
      kept.set(this, moment === null ? null : moment - offset());
    },
  });
}

function offset(): number {
  // oxlint-disable-next-line no-restricted-properties
  return Date.now() - performance.now();
}
