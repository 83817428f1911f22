import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';

const require = createRequire(import.meta.url);

/* Each says when a file `libs/kafka/src/kafkajs.*.ts` is no longer needed: when plain kafkajs does it right. */

it('plain kafkajs looks for requests on idle connections again and again, and with kafkajs.idle.ts it does not', async () => {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: { checkPendingRequests(): void };
  };
  const check = prototype.checkPendingRequests;
  let looks = 0;
  prototype.checkPendingRequests = function () {
    looks += 1;
    check.call(this);
  };
  const looksInASecond = async () => {
    const admin = new Kafka({
      brokers: inject('stack').KAFKA_BROKERS.split(','),
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    await admin.listTopics();
    looks = 0;
    await pause(1_000);
    const found = looks;
    await admin.disconnect();
    return found;
  };
  try {
    expect(await looksInASecond()).toBeGreaterThan(20);
    await import('@app/kafka/kafkajs.idle');
    // The plain one ends its loop with the connection that it belongs to.
    expect(await looksInASecond()).toBe(0);
  } finally {
    prototype.checkPendingRequests = check;
  }
});
