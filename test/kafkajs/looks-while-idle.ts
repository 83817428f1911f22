import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/*
 * Prints how often kafkajs looks for requests on an idle connection: plain, after enough looks; mended, after a second.
 * A program of its own: a file that mends kafkajs changes it for the whole process.
 * Arguments: the brokers, and the file that mends it, if one is to.
 */
const [brokers, mend] = process.argv.slice(2);
if (mend) {
  await import(mend);
}
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: { checkPendingRequests(): void };
};
const check = prototype.checkPendingRequests;
let looks = 0;
const enough = () => looks > 20;
prototype.checkPendingRequests = function () {
  looks += 1;
  check.call(this);
};
const admin = new Kafka({ brokers: brokers!.split(','), logLevel: logLevel.NOTHING }).admin();
await admin.connect();
await admin.listTopics();
looks = 0;
if (mend) {
  await pause(1_000); // in which nothing is to happen
} else {
  while (!enough()) {
    await pause(100);
  }
}
await admin.disconnect();
console.log(looks);
