import BrokerPool from 'kafkajs/src/cluster/brokerPool.js';
import Cluster, { type AskedTopic } from 'kafkajs/src/cluster/index.js';
import metadata from 'kafkajs/src/protocol/requests/metadata/v6/response.js';
import { LEADER_NOT_AVAILABLE, NOT_LEADER_FOR_PARTITION } from './partition-error';
import { tryAgain } from './try-again';

/*
 * While one partition of a topic has no leader, kafkajs can do nothing with the topic: it takes the answer about all of
 * its partitions for an error. A consumer reads no partition then, a producer that starts sends to none, and lag is
 * unknown. Here the partition has leader -1, which no broker is; the others are read and written. Leaders are asked for
 * again every second until all are there. It also gives up where a partition has a new leader. Imported for that
 * effect, before the first client is made.
 */
const ASK_AGAIN_MS = 1_000;

const { parse } = metadata;
metadata.parse = (answer) => {
  for (const partition of answer.topicMetadata.flatMap(({ partitionMetadata }) => partitionMetadata)) {
    if (partition.partitionErrorCode === LEADER_NOT_AVAILABLE) {
      partition.partitionErrorCode = 0;
    }
  }
  return parse(answer);
};

const { refreshMetadata } = BrokerPool.prototype;
BrokerPool.prototype.refreshMetadata = async function (this: BrokerPool, topics: string[]) {
  await refreshMetadata.call(this, topics);
  const partitions = this.metadata!.topicMetadata.flatMap(({ partitionMetadata }) => partitionMetadata);
  if (partitions.some(({ leader }) => leader < 0)) {
    // oxlint-disable-next-line no-restricted-properties -- kafkajs measures by the wall, see kafkajs-clock.ts
    this.metadataExpireAt = Math.min(this.metadataExpireAt ?? Infinity, Date.now() + ASK_AGAIN_MS);
  }
};

/**
 * Offsets of the partitions that have a leader. Of one that has none the consumer asks again, and does not read it
 * meanwhile. A broker that no longer leads a partition says so, after which the new leader is asked; kafkajs gives up.
 */
const { fetchTopicsOffset } = Cluster.prototype;
Cluster.prototype.fetchTopicsOffset = async function (this: Cluster, topics: AskedTopic[]) {
  const found = await tryAgain(
    () => fetchTopicsOffset.call(this, withLeaders(this, topics)),
    (failure) => (failure as { code?: number }).code === NOT_LEADER_FOR_PARTITION,
    () => this.refreshMetadata(),
  );
  return topics.map(({ topic }) => found.find((one) => one.topic === topic) ?? { topic, partitions: [] });
};

function withLeaders(cluster: Cluster, topics: AskedTopic[]): AskedTopic[] {
  return topics.map((one) => {
    const leaders = new Map(
      cluster.findTopicPartitionMetadata(one.topic).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    return { ...one, partitions: one.partitions.filter(({ partition }) => leaders.get(partition)! >= 0) };
  });
}
