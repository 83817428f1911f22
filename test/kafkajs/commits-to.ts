import { Kafka, logLevel } from 'kafkajs';

/*
 * Reads a topic and commits each message; prints, after each commit, the broker that took it. A program of its own: a
 * file that mends kafkajs changes it for the whole process. It tries again without a limit, as the services do: after
 * some tries kafkajs would start the consumer again, which asks for the coordinator.
 * Arguments: the brokers, the group, the topic, and the file that mends it, if one is to.
 */
const [brokers, groupId, topic, mend] = process.argv.slice(2);
if (mend) {
  await import(mend);
}
const consumer = new Kafka({ brokers: brokers!.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: groupId!,
  maxWaitTimeInMs: 500,
  retry: { maxRetryTime: 1_000, retries: 2 ** 31 },
});
let broker: string;
consumer.on('consumer.network.request', ({ payload }) => {
  if (payload.apiName === 'OffsetCommit') {
    broker = payload.broker;
  }
});
consumer.on('consumer.commit_offsets', () => console.log(broker));
await consumer.connect();
await consumer.subscribe({ topics: [topic!], fromBeginning: true });
await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => {} });
