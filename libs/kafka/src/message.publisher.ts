import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  CompressionTypes,
  Partitioners,
  type ConfigResourceTypes,
  type Kafka,
  type Message,
  type Producer,
} from 'kafkajs';
import { noteOrigin } from '@app/servers/server-of';
import { ACKNOWLEDGE_MS } from './answering.socket';
import type { OutgoingMessage } from './outcome';

/** `ConfigResourceTypes.TOPIC`, which Node does not find among the exports of the CommonJS module. */
const TOPIC: ConfigResourceTypes = 2;
/** Kafka's own default of `max.message.bytes`. */
const DEFAULT_LIMIT = 1_048_588;
/** A record batch has a header of 61 bytes; a record at most 21 of lengths, offsets and timestamp, and about 10 a header. */
const BATCH_OVERHEAD = 61;
const RECORD_OVERHEAD = 21;
const HEADER_OVERHEAD = 10;
/** One request carries this much at most, or what the topic accepts if that is less, unless one message alone is larger. */
const REQUEST_BYTES = 786_432;

/** Sends messages and returns when all in-sync replicas have them. It connects when first used. */
@Injectable()
export class MessagePublisher implements OnApplicationShutdown {
  private readonly logger = new Logger(MessagePublisher.name);
  private readonly producer: Producer;
  private readonly limits = new Map<string, Promise<number>>();
  private connecting?: Promise<void>;

  constructor(private readonly kafka: Kafka) {
    this.producer = kafka.producer({
      allowAutoTopicCreation: false,
      // Not idempotent: under concurrent sends kafkajs loses the sequence (tulios/kafkajs#598), and tables make repeats harmless.
      idempotent: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  /**
   * Sends the messages in their order, in requests that the topic accepts: what was read compressed in one batch may be too
   * large to be sent on in one. A message that alone is too large is sent compressed, since it came compressed: so a dead
   * letter is written whenever the topic takes it in any form.
   * @throws also when the topic does not take a message even compressed; another try asks the topic's limit anew
   */
  async publish(topic: string, messages: readonly Message[]): Promise<void> {
    await this.connect();
    const room = await this.roomOf(topic);
    for (const request of splitByBytes(messages, Math.min(REQUEST_BYTES, room))) {
      await this.send(topic, request, room);
    }
  }

  /**
   * Whether the topic accepts the message alone in its batch and uncompressed. How well a message would compress is not asked:
   * the answer must be the same for the same message, whoever compresses it.
   */
  async accepts(topic: string, message: OutgoingMessage): Promise<boolean> {
    return messageBytes(message) <= (await this.roomOf(topic));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.disconnect();
  }

  private async connect(): Promise<void> {
    this.connecting ??= this.producer.connect().catch((error: unknown) => {
      this.connecting = undefined;
      throw error;
    });
    await this.connecting;
  }

  private async send(topic: string, request: Message[], room: number): Promise<void> {
    const bytes = sum(request.map(messageBytes));
    const forms = bytes <= room ? [CompressionTypes.None, CompressionTypes.GZIP] : [CompressionTypes.GZIP];
    for (const compression of forms) {
      if (await this.isTaken(topic, request, compression)) {
        return;
      }
      // It may have been changed since it was asked.
      this.limits.delete(topic);
    }
    const limit = await this.limitOf(topic);
    const reason = `${topic} takes ${limit} bytes at most: ${bytes} are too large for it, even compressed`;
    throw noteOrigin('kafka', new Error(reason));
  }

  /** @returns false when the topic says that the batch is too large */
  private async isTaken(topic: string, messages: Message[], compression: CompressionTypes): Promise<boolean> {
    try {
      await this.producer.send({ topic, messages, acks: -1, timeout: ACKNOWLEDGE_MS, compression });
      return true;
    } catch (error) {
      if ((error as { type?: string }).type !== 'MESSAGE_TOO_LARGE') {
        throw error;
      }
      return false;
    }
  }

  /** Bytes of messages that the topic accepts in one batch. */
  private async roomOf(topic: string): Promise<number> {
    return (await this.limitOf(topic)) - BATCH_OVERHEAD;
  }

  /** The topic's `max.message.bytes`, asked once, and again after it turned out to be wrong. */
  private limitOf(topic: string): Promise<number> {
    let limit = this.limits.get(topic);
    if (!limit) {
      limit = this.askLimit(topic);
      this.limits.set(topic, limit);
      limit.catch(() => this.limits.delete(topic));
    }
    return limit;
  }

  private async askLimit(topic: string): Promise<number> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC, name: topic, configNames: ['max.message.bytes'] }],
      });
      return Number(resources[0]?.configEntries[0]?.configValue ?? DEFAULT_LIMIT);
    } catch (error) {
      if ((error as { type?: string }).type !== 'TOPIC_AUTHORIZATION_FAILED') {
        throw error;
      }
      this.logger.warn(
        `may not read the settings of ${topic}: messages above ${DEFAULT_LIMIT} bytes count as too large`,
      );
      return DEFAULT_LIMIT;
    } finally {
      await admin.disconnect();
    }
  }
}

/** Bytes that a message takes in a record batch, at most. */
export function messageBytes(message: Message): number {
  let bytes = RECORD_OVERHEAD + byteLength(message.key ?? null) + byteLength(message.value);
  for (const [name, values] of Object.entries(message.headers ?? {})) {
    for (const value of Array.isArray(values) ? values : [values]) {
      bytes += HEADER_OVERHEAD + byteLength(name) + byteLength(value ?? null);
    }
  }
  return bytes;
}

/** Runs of messages of at most so many bytes each; a larger message is a run of its own. */
export function splitByBytes(messages: readonly Message[], most: number): Message[][] {
  const runs: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = messageBytes(message);
    if (bytes + size > most) {
      runs.push([]);
      bytes = 0;
    }
    runs.at(-1)!.push(message);
    bytes += size;
  }
  return runs;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function byteLength(content: Buffer | string | null): number {
  return content === null ? 0 : Buffer.byteLength(content);
}
