import type { Kafka, PartitionMetadata } from 'kafkajs';
import type Connection from 'kafkajs/src/network/connection.js';
import type { FetchedRecord } from './read-records';

/**
 * What is used of the private class Cluster of kafkajs: the connections of one client, and what it knows of brokers and
 * leaders.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): PartitionMetadata[];
  findBroker(broker: { nodeId: number }): Promise<Broker>;
  findGroupCoordinator(group: { groupId: string }): Promise<Broker>;
  removeBroker(address: { host: string; port: number }): void;
}

export interface Broker {
  isConnected(): boolean;
  disconnect(): Promise<void>;
  connectionPool: { getConnectionByRequest(of: { request: { apiKey: number } }): Promise<Connection> };
  listOffsets(request: {
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
  }): Promise<{ responses: TopicOffsets[] }>;
  fetch(request: {
    replicaId: number;
    isolationLevel: number;
    maxWaitTime: number;
    maxBytes: number;
    topics: {
      topic: string;
      partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
    }[];
  }): Promise<{ responses: { partitions: { messages: FetchedRecord[] }[] }[] }>;
  offsetFetch(request: {
    groupId: string;
    topics: { topic: string; partitions: { partition: number }[] }[];
  }): Promise<{ responses: TopicOffsets[] }>;
}

interface TopicOffsets {
  topic: string;
  partitions: { partition: number; offset: string }[];
}

/**
 * Connections of a client, behind a private symbol.
 * @param metadataMs how old the knowledge of leaders and partitions may be, in milliseconds
 */
export function clusterOf(kafka: Kafka, metadataMs: number): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )!;
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]!;
  return create({ metadataMaxAge: metadataMs, allowAutoTopicCreation: false });
}
