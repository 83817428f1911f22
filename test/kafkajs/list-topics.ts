import { Kafka, logLevel } from 'kafkajs';

/*
 * Prints whether plain kafkajs can list the topics of a cluster: "listed", or why not. A program of its own: a file
 * that mends kafkajs changes it for the whole process.
 * Arguments: the brokers.
 */
const [brokers] = process.argv.slice(2);
const retry = { initialRetryTime: 100, retries: 3 };
const admin = new Kafka({ brokers: brokers!.split(','), logLevel: logLevel.NOTHING, retry }).admin();
await admin.connect();
console.log(
  await admin.listTopics().then(
    () => 'listed',
    (error: Error) => error.message,
  ),
);
await admin.disconnect();
