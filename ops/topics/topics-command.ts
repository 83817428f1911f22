import type { Command } from 'commander';
import '@app/kafka/kafkajs-metadata';
import { wholeNumber } from '../command/option-values';
import { kafkaVariables } from '../servers/connect-kafka';
import { createTopics, type TopicNumbers } from './create-topics';
import { defaultPartitions } from './topic-table';

export function topicsCommand(command: Command): void {
  command
    .description(
      'Creates the topics of Order Vault that are missing. Existing topics that differ are warned about, never changed. ' +
        'Of three or more replicas, two have to have a message before it counts as sent (min.insync.replicas).',
    )
    .option('--partitions <n>', 'of each topic', wholeNumber(1, 100_000), defaultPartitions)
    .option('--replication-factor <n>', "default: the cluster's", wholeNumber(1, 1_000))
    .addHelpText('after', `\nEnvironment: ${kafkaVariables}`)
    .action(({ partitions, replicationFactor = -1 }: Partial<TopicNumbers> & { partitions: number }) =>
      createTopics(process.env, { partitions, replicationFactor }, console.log),
    );
}
