import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { Kafka, logLevel, type Admin, type IHeaders, type Producer } from 'kafkajs';
// Reads whatever is packed, and passes markers of transactions.
import { headersOf } from '@app/kafka/kafkajs-fetch';
// Its clients are idle most of the time.
import '@app/kafka/kafkajs-idle';
import type { Header } from '@app/kafka/outgoing-message';
import { anyTime } from '../../ops/topics/any-time';
import { topicTable, type TopicSettings } from '../../ops/topics/topic-table';
import { eventually } from './eventually';
import { leaveGroup } from './leave-group';
import { lacks } from './needs';
import { sendRaw, type RawRecord } from './send-raw';
import { byName, WorldProducer, type Draws } from './world-producer';

export interface SentMessage {
  value: Buffer | string | null;
  key?: Buffer | string | null;
  headers?: IHeaders;
  /** The first one by default. */
  partition?: number;
  /** Milliseconds since 1970; the present by default. */
  timestamp?: number;
}

export interface SendOptions {
  /** With gzip. */
  compressed?: boolean;
  /** As other people's producers do, as it falls: packed, in transactions, with headers. */
  random?: Draws;
}

export interface StoredMessage {
  topic: string;
  partition: number;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  /** By name. */
  headers: IHeaders;
  /** As they are, in their order; of messages that were read. */
  headerList?: readonly Header[];
  timestamp: string;
}

/** As `npm run topics` sets it for three replicas. */
const safe = { 'min.insync.replicas': 2 };
/** Node does not find `ConfigResourceTypes` among the exports of the CommonJS module. */
const TOPIC = 2;
/** A setting of topics that no test depends on; 60000 by default. */
const marker = 'file.delete.delay.ms';
/** Far below what the broker takes in one batch; a larger message is sent alone. */
const REQUEST_BYTES = 500_000;
/** What a broker may take for a request; after five seconds kafkajs would give it up, done or not. */
const ADMIN_MS = 30_000;
const READ_MS = 120_000;
const CREATED_MS = 60_000;
const CONFIGURED_MS = 60_000;

/** Topics of their own: those of `npm run topics` with a suffix, and what a test does with them. */
export class ScratchTopics {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private producer: Producer;
  private readonly world: WorldProducer;
  private readers = 0;

  constructor(
    private readonly brokers: string,
    private readonly suffix: string,
    private readonly partitions: number,
    /** Default: what the cluster has. */
    private readonly replicas?: number,
  ) {
    this.kafka = new Kafka({
      clientId: 'test',
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
      // A broker that gets no processor time for some seconds says that it is not the leader of anything.
      retry: { retries: 20, maxRetryTime: 2_000 },
    });
    this.admin = this.kafka.admin();
    this.producer = this.newProducer();
    this.world = new WorldProducer(brokers);
  }

  private newProducer(): Producer {
    return this.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  }

  /** @param topic its name without the suffix, e.g. `order-service_orders` */
  name(topic: string): string {
    return `${topic}-${this.suffix}`;
  }

  async create(): Promise<void> {
    await this.admin.connect();
    await this.producer.connect();
    await this.createTopics(topicTable);
  }

  /** Takes one topic away, with all that is in it. */
  async deleteTopic(topic: string): Promise<void> {
    await this.admin.deleteTopics({ topics: [this.name(topic)], timeout: ADMIN_MS });
  }

  /** Makes a topic again that was taken away. */
  async restoreTopic(topic: string): Promise<void> {
    await this.createTopics(topicTable.filter((settings) => settings.topic === topic));
  }

  /** Gives every topic so many partitions. */
  async addPartitions(count: number): Promise<void> {
    await this.admin.createPartitions({
      topicPartitions: topicTable.map(({ topic }) => ({ topic: this.name(topic), count })),
    });
    // The old one would learn of them only after minutes.
    await this.producer.disconnect();
    this.producer = this.newProducer();
    await this.producer.connect();
  }

  /** Sets the largest batch that a topic takes, in bytes. */
  limit(topic: string, bytes: number): Promise<void> {
    return this.configure(topic, { 'max.message.bytes': String(bytes) });
  }

  /** Gives a topic these settings, and the cluster's own otherwise. The broker applies them from then on. */
  async configure(topic: string, settings: Record<string, string>): Promise<void> {
    // A change is answered when the controller has it. The broker shows it a little later, and applies it after that.
    // It takes changes in turn: as soon as it shows a second one, the first is applied.
    await this.alterConfigs(topic, { ...settings, [marker]: '60001' });
    await this.untilShown(topic, '60001');
    await this.alterConfigs(topic, settings);
    await this.untilShown(topic, '60000');
  }

  private async untilShown(topic: string, value: string): Promise<void> {
    await eventually(async () => {
      const { resources } = await this.admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC, name: this.name(topic), configNames: [marker] }],
      });
      const shown = resources[0]!.configEntries[0]?.configValue;
      return shown === value ? undefined : `${marker} of ${topic} is ${shown}`;
    }, CONFIGURED_MS);
  }

  private async alterConfigs(topic: string, settings: Record<string, string>): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await this.admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC, name: this.name(topic), configEntries }],
    });
  }

  private async createTopics(settings: TopicSettings[]): Promise<void> {
    await this.admin.createTopics({
      timeout: ADMIN_MS,
      // kafkajs gives up waiting for leaders as soon as a busy broker has not heard of the topic.
      waitForLeaders: false,
      topics: settings.map(({ topic, configuration, takesAnyTime }) => ({
        topic: this.name(topic),
        numPartitions: this.partitions,
        replicationFactor: this.replicas,
        configEntries: Object.entries({
          ...configuration,
          ...(takesAnyTime ? anyTime : {}),
          ...(this.replicas === 3 ? safe : {}),
        }).map(([name, value]) => ({ name, value: String(value) })),
      })),
    });
    const deadline = Date.now() + CREATED_MS;
    for (const { topic } of settings) {
      await this.untilWritable(this.name(topic), deadline);
    }
  }

  private async untilWritable(name: string, deadline: number): Promise<void> {
    for (;;) {
      try {
        await this.admin.fetchTopicOffsets(name);
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await sleep(100);
      }
    }
  }

  /** Sends the messages in their order and returns them as they are stored. */
  async send(
    topic: string,
    messages: SentMessage[],
    { compressed = false, random }: SendOptions = {},
  ): Promise<StoredMessage[]> {
    if (random && !lacks('javac')) {
      const sent = await this.world.send(
        messages.map((message) => this.unplaced(topic, message)),
        random,
      );
      await this.untilReadable(topic, sent);
      return sent;
    }
    const stored: StoredMessage[] = [];
    for (const request of requestsOf(messages.map((message) => this.unplaced(topic, message)))) {
      const answers = await this.producer.send({
        topic: this.name(topic),
        acks: -1,
        compression: compressed ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None,
        messages: request,
      });
      const next = new Map(answers.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset!)]));
      for (const message of request) {
        const offset = next.get(message.partition)!;
        next.set(message.partition, offset + 1n);
        stored.push({ ...message, offset: String(offset) });
      }
    }
    return stored;
  }

  /**
   * A broker has promised the end of a transaction before it can be read, and kafkajs asks for the end of what can be
   * read: without this a group would seem to have read everything.
   */
  private async untilReadable(topic: string, sent: StoredMessage[]): Promise<void> {
    await eventually(async () => {
      // A broker may be away: a test has killed it, and another leads.
      const ends = await this.ends(topic).catch((error: Error) => error.message);
      if (typeof ends === 'string') {
        return ends;
      }
      const hidden = sent.find(({ partition, offset }) => BigInt(offset) >= BigInt(ends.get(partition) ?? 0));
      return hidden && `${hidden.topic}/${hidden.partition}/${hidden.offset} cannot be read`;
    }, READ_MS);
  }

  /** Sends records of which every byte is chosen, to one partition. @returns the offset of the first */
  sendRaw(topic: string, records: RawRecord[], partition = 0): Promise<bigint> {
    return sendRaw(this.brokers, this.name(topic), partition, records);
  }

  /** All messages of a topic, by partition and offset. */
  async read(topic: string): Promise<StoredMessage[]> {
    const name = this.name(topic);
    const ends = new Map<number, bigint>();
    for (const { partition, low, high } of await this.admin.fetchTopicOffsets(name)) {
      if (low !== high) {
        ends.set(partition, BigInt(high));
      }
    }
    if (ends.size === 0) {
      return [];
    }
    this.readers += 1;
    const groupId = `reader-${this.readers}-${name}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [name], fromBeginning: true });
    const messages: StoredMessage[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          const left = Array.from(ends, ([partition, end]) => `${partition} to ${end}`).join(', ');
          reject(new Error(`${name} is not read after ${READ_MS / 1000} s: partition ${left}`));
        }, READ_MS);
        consumer
          .run({
            autoCommit: false,
            eachBatch: async ({ batch }) => {
              const { partition } = batch;
              for (const message of batch.messages) {
                const { offset, key, value, timestamp } = message;
                const headerList = headersOf(message);
                const headers = byName(headerList);
                messages.push({ topic: name, partition, offset, key, value, headers, headerList, timestamp });
              }
              if (BigInt(batch.lastOffset()) + 1n >= (ends.get(partition) ?? 0n)) {
                ends.delete(partition);
              }
              if (ends.size === 0) {
                clearTimeout(timer);
                resolve();
              }
            },
          })
          .catch(reject);
      });
    } finally {
      await consumer.disconnect();
      await this.admin.deleteGroups([groupId]).catch(() => {}); // one that is left harms nobody
    }
    return messages.sort((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
  }

  /** What a group has not yet read of a topic, a line for each such partition. */
  async unread(topic: string, groupId: string): Promise<string[]> {
    const name = this.name(topic);
    const [committed] = await this.admin.fetchOffsets({ groupId, topics: [name] });
    const held = new Map((await this.admin.fetchTopicOffsets(name)).map((one) => [one.partition, one]));
    return committed!.partitions.flatMap(({ partition, offset }) => {
      const range = held.get(partition);
      if (!range) {
        return [`${name}/${partition} has no leader`];
      }
      const next = offset === '-1' ? range.low : offset;
      return BigInt(next) < BigInt(range.high)
        ? [`${groupId} is at ${next} of ${range.high} in ${name}/${partition}`]
        : [];
    });
  }

  /** The offset behind the last message of each partition that can be read. */
  async ends(topic: string): Promise<Map<number, string>> {
    const offsets = await this.admin.fetchTopicOffsets(this.name(topic));
    return new Map(offsets.map(({ partition, high }) => [partition, high]));
  }

  /** Takes all members out of a group of the only broker, as that does itself when their sessions have expired. */
  async evict(groupId: string): Promise<void> {
    const { groups } = await this.admin.describeGroups([groupId]);
    for (const { memberId } of groups[0]!.members) {
      await leaveGroup(this.brokers, groupId, memberId);
    }
  }

  /** Lets groups, which must be empty, read from the beginning again: a group without offsets does. */
  async rewind(groupIds: string[]): Promise<void> {
    await this.admin.deleteGroups(groupIds);
  }

  /** Lets a group, which must be empty, read no more of a topic than what comes from now on. */
  async skipToEnd(topic: string, groupId: string): Promise<void> {
    const name = this.name(topic);
    const partitions = (await this.admin.fetchTopicOffsets(name)).map(({ partition, high }) => ({
      partition,
      offset: high,
    }));
    await this.admin.setOffsets({ groupId, topic: name, partitions });
  }

  private unplaced(topic: string, message: SentMessage): UnplacedMessage {
    const { value, key = null, headers = {}, partition = 0, timestamp = Date.now() } = message;
    return {
      topic: this.name(topic),
      partition,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers,
      timestamp: String(timestamp),
    };
  }

  async delete(groupIds: string[]): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.world.close()]);
    await this.admin.deleteGroups(groupIds).catch(() => {}); // one that never began to read is unknown
    const topics = topicTable.map(({ topic }) => this.name(topic));
    await this.admin.deleteTopics({ topics, timeout: ADMIN_MS });
    await this.admin.disconnect();
  }
}

type UnplacedMessage = Omit<StoredMessage, 'offset'>;

function requestsOf(messages: UnplacedMessage[]): UnplacedMessage[][] {
  const requests: UnplacedMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + 200;
    if (bytes + size > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)!.push(message);
    bytes += size;
  }
  return requests;
}
