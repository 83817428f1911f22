/* What is used of the inside of kafkajs 2.2.4, by the files `kafkajs-*.ts` alone. */

declare module 'kafkajs/src/cluster/brokerPool.js' {
  export default class BrokerPool {
    metadata: import('kafkajs/src/protocol/requests/metadata/v6/response.js').ClusterMetadata | null;
    metadataExpireAt: number | null;
    refreshMetadata(topics: string[]): Promise<void>;
  }
}

declare module 'kafkajs/src/cluster/index.js' {
  import type { PartitionMetadata } from 'kafkajs';

  export interface AskedTopic {
    topic: string;
    partitions: { partition: number }[];
  }

  export default class Cluster {
    refreshMetadata(): Promise<void>;
    findTopicPartitionMetadata(topic: string): PartitionMetadata[];
    fetchTopicsOffset(
      topics: AskedTopic[],
    ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  }
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  export default class ConsumerGroup {
    lastRequest: number | null;
    groupId: string;
    cluster: import('./kafkajs-cluster').Cluster;
    coordinator: import('./kafkajs-cluster').Broker | null;
    heartbeat(options: object): Promise<void>;
  }
}

declare module 'kafkajs/src/consumer/offsetManager/index.js' {
  export default class OffsetManager {
    groupId: string;
    cluster: import('./kafkajs-cluster').Cluster;
    coordinator: import('./kafkajs-cluster').Broker;
    commitOffsets(offsets?: object): Promise<void>;
  }
}

declare module 'kafkajs/src/errors.js' {
  const errors: {
    KafkaJSError: new (cause: Error, options: { retriable: boolean }) => Error;
  };
  export default errors;
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

  export default class Connection {
    readonly clientId: string;
    readonly socket: Socket;
    readonly requestQueue: RequestQueue;
    bytesBuffered: number;
    chunks: Buffer[];
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      logger: object;
      socketFactory: import('kafkajs').ISocketFactory;
      requestTimeout: number;
      connectionTimeout: number;
    });
    connect(): Promise<unknown>;
    disconnect(): Promise<unknown>;
    isAuthenticated(): boolean;
    authenticate(): Promise<void>;
    failIfNotConnected(): void;
    nextCorrelationId(): number;
    processData(bytes: Buffer): void;
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    pending: unknown[];
    push(request: {
      entry: {
        apiKey: number;
        apiVersion: number;
        apiName: string;
        correlationId: number;
        resolve: (answer: { payload: Buffer }) => void;
        reject: (error: Error) => void;
      };
      expectResponse: boolean;
      requestTimeout: number | null;
      sendRequest: () => void;
    }): void;
    throttledUntil: number | null;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/network/requestQueue/socketRequest.js' {
  export default class SocketRequest {
    createdAt: number | null;
    sentAt: number | null;
  }
}

declare module 'kafkajs/src/consumer/batch.js' {
  export default class Batch {
    rawMessages: unknown[];
    isEmpty(): boolean;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    offset: number;
    constructor(buffer: Buffer);
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readString(): string;
    readBytes(): Buffer | null;
    readArray<T>(reader: (decoder: Decoder) => T): T[];
    readArrayAsync<T>(reader: (decoder: Decoder) => Promise<T>): Promise<T[]>;
  }
}

declare module 'kafkajs/src/protocol/request.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  export default function createRequest(of: {
    correlationId: number;
    clientId: string;
    request: { apiKey: number; apiVersion: number; encode: () => Promise<Encoder> };
  }): Promise<Encoder>;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    readonly buffer: Buffer;
    constructor(room?: number);
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeInt64(value: bigint): this;
    writeBoolean(value: boolean): this;
    writeString(value: string): this;
    writeBytes(value: Buffer): this;
    writeBuffer(value: Buffer): this;
    writeVarInt(value: number): this;
    writeVarIntBytes(value: Buffer | undefined): this;
  }
}

declare module 'kafkajs/src/protocol/requests/metadata/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export interface Asked {
    topics: string[];
    allowAutoTopicCreation?: boolean;
  }

  export interface Call {
    request: { encode(): Promise<Encoder> };
    response: object;
  }

  const metadata: { protocol(of: { version: number }): (asked: Asked) => Call };
  export default metadata;
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/response.js' {
  import type { PartitionMetadata } from 'kafkajs';

  export interface ClusterMetadata {
    topicMetadata: { topic: string; partitionMetadata: PartitionMetadata[] }[];
  }

  const response: { parse(answer: ClusterMetadata): Promise<ClusterMetadata> };
  export default response;
}

declare module 'kafkajs/src/protocol/messageSet/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  export default function decodeMessageSet(decoder: Decoder, size: number): Promise<unknown[]>;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  export default function encodeRecord(record: object): Encoder;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response.js' {
  const response: { decode(answer: Buffer): Promise<object> };
  export default response;
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: { createErrorFromCode(code: number): Error & { type: string; retriable: boolean } };
  export default errors;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/protocol/requests/produce/v3/response.js' {
  const response: {
    decode(bytes: Buffer): Promise<{ topics: { partitions: { partition: number; errorCode: number }[] }[] }>;
  };
  export default response;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  export function RecordBatch(parts: object): Promise<Encoder>;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  import type { KafkaMessage } from 'kafkajs';
  export default function decodeBatch(decoder: Decoder): Promise<{ records: KafkaMessage[] }>;
}
