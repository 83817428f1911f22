import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ConfigResourceTypes, Kafka } from 'kafkajs';
import { Refusals } from '@app/servers/refusals';
import { noteOrigin } from '@app/servers/server-of';
import { TopicRefuses, type Delivery } from './delivery';
import { defectIn } from './kafka-refusal';
import { PartitionProducer } from './kafkajs-producer';
import type { OutgoingMessage } from './outgoing-message';
import { BATCH_OVERHEAD, messageBytes } from './record-batch';
import { tryAgain } from './try-again';
import { withAdmin } from './with-admin';

/** `ConfigResourceTypes.TOPIC`, which Node does not find among the exports of the CommonJS module. */
const TOPIC: ConfigResourceTypes = 2;
/** Kafka's own default of `max.message.bytes`. */
const DEFAULT_LIMIT = 1_048_588;
/**
 * One request carries this much at most, or what the topic accepts if that is less, unless one message alone is larger.
 */
const REQUEST_BYTES = 786_432;
/**
 * A call that has lasted so long tries no more: an answer may take a quarter of a minute, and the caller says what it
 * waits for.
 */
const CALL_MS = 5_000;

const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
/** What a broker says of a message, and not of itself. Each can be true of one message of a batch. */
const REFUSALS = [...TOO_LARGE, 'INVALID_TIMESTAMP', 'INVALID_RECORD', 'POLICY_VIOLATION'];

interface Failure extends Error {
  /** As Kafka names it. */
  type?: string;
  retriable?: boolean;
}

/** Sends messages and returns when all in-sync replicas have them. It connects when first used. */
@Injectable()
export class MessagePublisher implements OnApplicationShutdown {
  private readonly logger = new Logger(MessagePublisher.name);
  private readonly producer: PartitionProducer;
  private readonly limits = new Map<string, Promise<number>>();
  /** By topic: where one refuses message after message, the messages are not to blame. */
  private readonly refusals = new Map<string, Refusals>();

  /** @param byHash whether hashes of messages say their partitions, instead of their keys */
  constructor(
    private readonly kafka: Kafka,
    { byHash = false } = {},
  ) {
    this.producer = new PartitionProducer(kafka, byHash);
  }

  /**
   * Sends what is left of the delivery, the messages of a partition in their order, in requests that the topic accepts:
   * what was read compressed in one batch may be too large to be sent on in one. A message that the topic refuses is
   * found by halves, and noted in the delivery, unless it has another form that the topic takes. One that alone is too
   * large is sent compressed, since it came compressed.
   * @throws while something is neither acknowledged nor refused; another try sends no more than that
   */
  async publish(delivery: Delivery): Promise<void> {
    if (delivery.left.length === 0) {
      return;
    }
    const begun = performance.now();
    await tryAgain(
      () => this.attempt(delivery),
      (failure) => isRetriable(failure) && performance.now() - begun <= CALL_MS,
      () => this.producer.refresh(),
    );
  }

  /**
   * Judges what is to be sent by how many bytes the topic accepts of one message, by {@link messageBytes}: alone in its
   * batch and uncompressed. How well a message would compress is not asked: the answer must be the same for the same
   * message, whichever side compresses it. Nothing is refused by a limit of before: it may have been raised.
   */
  async byRoom<Judged>(
    topic: string,
    judge: (room: number) => Judged,
    refuses: (judged: Judged) => boolean,
  ): Promise<Judged> {
    const room = await this.roomOf(topic);
    const judged = judge(room);
    if (!refuses(judged)) {
      return judged;
    }
    this.limits.delete(topic);
    const roomNow = await this.roomOf(topic);
    return roomNow === room ? judged : judge(roomNow);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.disconnect();
  }

  /** @throws why some partition did not take all of its messages */
  private async attempt(delivery: Delivery): Promise<void> {
    const { topic } = delivery;
    const failed = new Map<number, unknown>();
    await this.producer.prepare(topic);
    const room = await this.roomOf(topic);
    for (const run of splitByBytes(delivery.left, Math.min(REQUEST_BYTES, room))) {
      const batches = new Map<number, OutgoingMessage[]>();
      for (const message of run) {
        const partition = this.producer.partitionOf(topic, message);
        // Behind a batch that failed none is sent: those of a key stay in their order.
        if (!failed.has(partition)) {
          const batch = batches.get(partition) ?? [];
          batches.set(partition, batch);
          batch.push(message);
        }
      }
      const isLarge = run.length === 1 && messageBytes(run[0]!) > room;
      if (isLarge) {
        // The limit may have been raised since it was asked.
        this.limits.delete(topic);
      }
      await this.offer(delivery, batches, isLarge, failed);
    }
    const [failure] = failed.values();
    if (failed.size > 0) {
      throw failure;
    }
  }

  private async offer(
    delivery: Delivery,
    batches: Map<number, OutgoingMessage[]>,
    compressed: boolean,
    failed: Map<number, unknown>,
  ): Promise<void> {
    const failures = await this.producer.send(delivery.topic, batches, compressed);
    for (const [partition, messages] of batches) {
      const failure = failures.get(partition) as Failure | undefined;
      if (failure === undefined) {
        this.refusals.get(delivery.topic)?.taken();
        delivery.acknowledge(messages);
      } else if (!REFUSALS.includes(failure.type ?? '')) {
        failed.set(partition, failure);
      } else if (messages.length > 1) {
        const middle = Math.ceil(messages.length / 2);
        for (const half of [messages.slice(0, middle), messages.slice(middle)]) {
          if (!failed.has(partition)) {
            await this.offer(delivery, new Map([[partition, half]]), false, failed);
          }
        }
      } else {
        await this.offerAlone(delivery, partition, messages[0]!, compressed, failure, failed);
      }
    }
  }

  /** The topic has refused this message alone: other forms of it are tried. */
  private async offerAlone(
    delivery: Delivery,
    partition: number,
    message: OutgoingMessage,
    compressed: boolean,
    refusal: Failure,
    failed: Map<number, unknown>,
  ): Promise<void> {
    const { topic } = delivery;
    let form: OutgoingMessage | undefined = message;
    let last: Failure | undefined = refusal;
    for (let isCompressed = compressed; form && last;) {
      if (TOO_LARGE.includes(last.type!) && !isCompressed) {
        // The limit may have been changed since it was asked.
        this.limits.delete(topic);
        isCompressed = true;
      } else {
        form = form.instead?.(last.type!);
        isCompressed = false;
      }
      if (form) {
        const answer = await this.producer.send(topic, new Map([[partition, [form]]]), isCompressed);
        last = answer.get(partition) as Failure | undefined;
        if (last && !REFUSALS.includes(last.type ?? '')) {
          failed.set(partition, last);
          return;
        }
      }
    }
    if (!last) {
      this.refusals.get(topic)?.taken();
      delivery.acknowledge([message]);
    } else {
      const blame = this.blamed(topic, message, last);
      if (blame) {
        const reason = `${topic} ${blame}: ${last.type}: ${last.message}`;
        failed.set(partition, noteOrigin('kafka', new TopicRefuses(reason)));
      } else {
        delivery.refuse(message, { type: last.type!, message: last.message });
      }
    }
  }

  /** Why not the message is to blame for its refusal, if so: then it waits. */
  private blamed(topic: string, message: OutgoingMessage, { type }: Failure): string | undefined {
    if (type === 'INVALID_TIMESTAMP' && message.timestamp === undefined) {
      return 'does not take the time of this host, see its clock';
    }
    if (message.instead) {
      return 'takes a dead letter in no form, see its settings';
    }
    const { value } = message;
    const refusals = this.refusals.get(topic) ?? new Refusals();
    this.refusals.set(topic, refusals);
    return refusals.areTooMany(type!, [value === null ? null : Buffer.from(value as string)])
      ? 'refuses every message, and takes none, see its settings'
      : undefined;
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
    const resources = [{ type: TOPIC, name: topic, configNames: ['max.message.bytes'] }];
    try {
      const { resources: found } = await withAdmin(this.kafka, (admin) =>
        admin.describeConfigs({ includeSynonyms: false, resources }),
      );
      return Number(found[0]?.configEntries[0]?.configValue ?? DEFAULT_LIMIT);
    } catch (error) {
      if ((error as { type?: string }).type !== 'TOPIC_AUTHORIZATION_FAILED') {
        throw error;
      }
      this.logger.warn(
        `may not read the settings of ${topic}: messages above ${DEFAULT_LIMIT} bytes count as too large`,
      );
      return DEFAULT_LIMIT;
    }
  }
}

/** Runs of messages of at most so many bytes each; a larger message is a run of its own. */
export function splitByBytes<M extends OutgoingMessage>(messages: readonly M[], most: number): M[][] {
  const runs: M[][] = [];
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

/** An error of a library's or our own code does not heal, nor does a missing right. */
function isRetriable(failure: unknown): boolean {
  return !defectIn(failure) && (failure as Failure).retriable !== false;
}
