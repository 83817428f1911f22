import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/*
 * Prints how often a consumer of plain kafkajs sends a heartbeat in five seconds after its clock was set back by an
 * hour, when it has sent some before. A program of its own: a file that mends kafkajs changes it for the whole process.
 * Arguments: the brokers, a group, a topic.
 */
const [brokers, groupId, topic] = process.argv.slice(2) as [string, string, string];
const kafka = new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId, heartbeatInterval: 1_000, maxWaitTimeInMs: 500 });
let heartbeats = 0;
const some = () => heartbeats > 2;
consumer.on(consumer.events.HEARTBEAT, () => (heartbeats += 1));
await consumer.connect();
await consumer.subscribe({ topic });
await consumer.run({ eachBatch: () => Promise.resolve() });
while (!some()) {
  await pause(200);
}

const now = Date.now;
Date.now = () => now() - 3_600_000;
heartbeats = 0;
await pause(5_000);
console.log(heartbeats);
process.exit();
