import type { OrderMessage } from './order-message';
import type { OrderSource } from './order-source';

const MOST_MESSAGES = 1_000;
const MOST_BYTES = 512 * 1024;

/** Messages that go to Kafka together, to all partitions in turn, as a producer sends messages without a key. */
export class OrderBatch {
  private messages: OrderMessage[] = [];
  private values: Buffer[] = [];
  private bytes = 0;
  private sent = 0;

  constructor(private readonly source: OrderSource) {}

  get isFull(): boolean {
    return this.messages.length >= MOST_MESSAGES || this.bytes >= MOST_BYTES;
  }

  add(message: OrderMessage): void {
    const value = Buffer.from(message.text);
    this.messages.push(message);
    this.values.push(value);
    this.bytes += value.length;
  }

  /**
   * Sends what was added since the last time, and returns it when all replicas have it.
   * @throws when the broker has not taken it for half a minute.
   */
  async send(): Promise<OrderMessage[]> {
    const { messages, values } = this;
    const { topic, partitions, producer } = this.source;
    if (messages.length === 0) {
      return [];
    }
    this.messages = [];
    this.values = [];
    this.bytes = 0;
    // The partition is chosen here, because kafkajs would choose again where it repeats a batch.
    const records = values.map((value) => ({
      key: null,
      value,
      partition: partitions[this.sent++ % partitions.length]!,
    }));
    try {
      await producer.send({ topic, acks: -1, messages: records });
    } catch (error) {
      throw new Error(`Kafka doesn't take messages for ${topic}: ${(error as Error).message}`);
    }
    return messages;
  }
}
