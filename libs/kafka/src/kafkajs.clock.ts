import { createRequire } from 'node:module';

/*
 * kafkajs measures time by the clock of the wall. Set back by an hour, a consumer sends no heartbeat for an hour, hence falls out of its
 * group again and again; no request times out, and one that a quota throttles is not sent. Here its moments move with the clock, so that what is
 * between them stays as long as it was. Imported for that effect, before the first client is made.
 */
const require = createRequire(import.meta.url);

interface Moments {
  /** Class of kafkajs, by its file. */
  file: string;
  /** Its properties that hold a moment, in milliseconds since 1970. */
  names: string[];
}

const classes: Moments[] = [
  { file: 'consumer/consumerGroup', names: ['lastRequest'] },
  { file: 'network/requestQueue/index', names: ['throttledUntil'] },
  { file: 'network/requestQueue/socketRequest', names: ['createdAt', 'sentAt'] },
  { file: 'cluster/brokerPool', names: ['metadataExpireAt'] },
];

for (const { file, names } of classes) {
  const { prototype } = require(`kafkajs/src/${file}.js`) as { prototype: object };
  for (const name of names) {
    moveWithClock(prototype, name);
  }
}

/** Keeps a moment by the monotonic clock, and gives it by the one of the wall, as that is now. */
function moveWithClock(prototype: object, name: string): void {
  const moments = new WeakMap<object, number | null>();
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: object): number | null {
      const moment = moments.get(this) ?? null;
      return moment === null ? null : moment + offset();
    },
    set(this: object, moment: number | null) {
      moments.set(this, moment === null ? null : moment - offset());
    },
  });
}

function offset(): number {
  // oxlint-disable-next-line no-restricted-properties
  return Date.now() - performance.now();
}
