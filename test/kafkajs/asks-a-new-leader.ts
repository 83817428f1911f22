import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type PartitionMetadata } from 'kafkajs';

/*
 * Prints the end of an empty partition, or why kafkajs does not learn it, asked by a client that knew the leader before
 * the partition went to another broker. A program of its own: a file that mends kafkajs changes it for the whole
 * process.
 * Arguments: three brokers with the ids 1 to 3, and the file that mends it, if one is to.
 */
const [brokers, mend] = process.argv.slice(2);
if (mend) {
  await import(mend);
}
const topic = `asks-a-new-leader-${process.pid}`;
const kafka = new Kafka({ brokers: brokers!.split(','), logLevel: logLevel.NOTHING });
const asking = kafka.admin();
const moving = kafka.admin();
await Promise.all([asking.connect(), moving.connect()]);
await moving.createTopics({
  topics: [{ topic, replicaAssignment: [{ partition: 0, replicas: [1] }] }],
  waitForLeaders: false,
});
await until(({ leader }) => leader === 1);
// An admin learns the leaders before each question, of a broker that may not know the newest. This one
// never learns them.
Date.now = () => 0;
await asking.fetchTopicOffsets(topic);
await putOn([2]);
await until(({ leader }) => leader === 2);
// The first follows: of a partition that it does not have, it would say something else.
await putOn([2, 1]);
await until(({ isr }) => isr.length === 2);
const said = await asking.fetchTopicOffsets(topic).then(
  ([only]) => only!.high,
  (error: Error) => error.message,
);
await moving.deleteTopics({ topics: [topic] });
await Promise.all([asking.disconnect(), moving.disconnect()]);
console.log(said);

async function putOn(replicas: number[]): Promise<void> {
  const partitionAssignment = [{ partition: 0, replicas }];
  await moving.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
}

async function until(is: (partition: PartitionMetadata) => boolean): Promise<void> {
  for (;;) {
    const { topics } = await moving.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
    if (topics[0]?.partitions.some(is)) {
      return;
    }
    await pause(100);
  }
}
