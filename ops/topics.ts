import { parseArgs } from 'node:util';
import '@app/kafka/kafkajs-metadata';
import { createTopics } from './topics/create-topics';
import { defaultPartitions } from './topics/topic-table';

const help = `npm run topics [-- --partitions N] [--replication-factor N]

Creates the topics of Order Vault that are missing in the cluster of KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA,
KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD). Existing topics that differ are warned about,
never changed. Of three or more replicas, two have to have a message before it counts as sent (min.insync.replicas).

  --partitions N            default: ${defaultPartitions}
  --replication-factor N    default: the cluster's
`;

// Process 1 of a container ignores a signal that nobody listens to. What is not done yet is done by the next run.
process.once('SIGTERM', () => process.exit(143));

try {
  const { values } = parseArgs({
    options: {
      partitions: { type: 'string', default: String(defaultPartitions) },
      'replication-factor': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
  } else {
    const replication = values['replication-factor'];
    const numbers = {
      partitions: positive('partitions', values.partitions),
      replicationFactor: replication === undefined ? -1 : positive('replication-factor', replication),
    };
    await createTopics(process.env, numbers, console.log);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function positive(option: string, given: string): number {
  if (!/^[1-9]\d*$/.test(given)) {
    throw new Error(`--${option} is a whole number from 1: "${given}" isn't.`);
  }
  return Number(given);
}
