import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ServerKafka } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Batch, Consumer, EachBatchPayload, KafkaConfig, KafkaMessage } from 'kafkajs';
import { failpoint } from '@app/failpoints/failpoint';
import { Delivery, type TopicRefusal } from '@app/kafka/delivery';
import { existingTopics } from '@app/kafka/existing-topics';
import { groupOffsets, type GroupOffset } from '@app/kafka/group-offsets';
import { lastComplaint } from '@app/kafka/kafka-client';
import { isCausedBy, refusalOf } from '@app/kafka/kafka-refusal';
import { headersOf, whyUnreadable } from '@app/kafka/kafkajs-fetch';
import { REBALANCE_MS } from '@app/kafka/kafkajs-socket';
import type { MessagePublisher } from '@app/kafka/message-publisher';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { withAdmin } from '@app/kafka/with-admin';
import { reasonOf } from '@app/servers/reason-of';
import type { Refusals } from '@app/servers/refusals';
import type { Judge } from '@app/servers/verdict';
import { WaitLog } from '@app/servers/wait-log';
import { traces } from '@app/tracing/tracing';
import { BatchHandling } from './batch-handling';
import { batchMessages, batchSeconds, messagesTotal, rebalancesTotal } from './batch-metrics';
import type { ConsumerProgress } from './consumer-progress';
import { deadLetter, outputRefused, placeOf, reportDeadLetter } from './dead-letter';
import { Abandoned, HEARTBEAT_MS, Hold, isOutOfGroup, WAIT_MS } from './hold';
import { inSlices, withoutSmallRest, type Most } from './in-slices';
import type { BatchHandler, KafkaRecord, Outcome, Refused } from './outcome';
import { PositionComparison } from './position-comparison';
import type { Positions } from './positions';
import { streamHoldMs } from './stream-hold';
import { tracedBatch, traceOutputs } from './trace-outputs';

/**
 * At most so many messages are one transaction: enough to be fast, few enough for the memory and for the locks of
 * others.
 */
const BATCH_MESSAGES = 1_000;
/**
 * Nor more bytes, unless one message alone has more: what came compressed can be a hundred times as large as what was
 * fetched.
 */
const BATCH_BYTES = 4 * 1024 * 1024;
const MOST: Most = { messages: BATCH_MESSAGES, bytes: BATCH_BYTES };
/** What a broker sends at once, in bytes: of all partitions that it leads. */
const FETCH_BYTES = 6 * 1024 * 1024;
/**
 * And of each partition: orders of the usual size fill one batch of dds or cdm, and two of stg. By itself kafkajs asks
 * for 1 MiB, which fills two thirds.
 */
const PARTITION_BYTES = 1.5 * 1024 * 1024;
/** Partitions whose batches are worked on at the same time: while one waits for PostgreSQL, another is parsed. */
export const CONCURRENT_PARTITIONS = 2;
/**
 * A batch of so many messages that ends with the newest of its partition is part of a stream, not a live order by
 * itself.
 */
const STREAM_MESSAGES = 20;

export interface BatchServerOptions {
  service: string;
  client: KafkaConfig;
  groupId: string;
  /** The topic to read. */
  sourceTopic: string;
  /** The pattern of the handler: the name that the topic has in the code. */
  pattern: string;
  outputTopic?: string;
  deadLetterTopic: string;
  publisher: MessagePublisher;
  progress: ConsumerProgress;
  refusals: Refusals;
  positions: Positions;
  /** What an error of the handler or of the publisher means for the batch, and which server it came from. */
  judge: Judge;
}

/**
 * Nest transport that hands over Kafka messages in batches and keeps the order of things that makes them exact: the
 * handler's effects are durable, then outputs and dead letters are acknowledged, then the offset moves.
 * `batch-handling.ts` repeats and halves, `hold.ts` waits, `position-comparison.ts` goes back where the database has
 * lost what it held.
 */
export class BatchServer extends ServerKafka {
  protected override readonly logger = new Logger(BatchServer.name);
  private fetchedAt = 0;
  private readonly startLog = new WaitLog();
  private readonly comparison: PositionComparison;

  constructor(private readonly settings: BatchServerOptions) {
    super({
      client: settings.client,
      postfixId: '',
      consumer: {
        groupId: settings.groupId,
        allowAutoTopicCreation: false,
        // A killed replica holds its partitions for so long.
        sessionTimeout: 10_000,
        rebalanceTimeout: REBALANCE_MS,
        heartbeatInterval: HEARTBEAT_MS,
        // How long an idle service waits in one request, hence also how long its stop may wait.
        maxWaitTimeInMs: 1_000,
        maxBytes: FETCH_BYTES,
        maxBytesPerPartition: PARTITION_BYTES,
        // The consumer never gives up on errors that may heal; without a limit of tries it does not leave the group for
        // them.
        retry: { initialRetryTime: 200, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 2 ** 31 },
      },
    });
    this.comparison = new PositionComparison(settings, () => this.groupOffsets());
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.client = await this.createClient();
      await this.start(() => callback());
    } catch (error) {
      callback(error);
    }
  }

  /**
   * As in the base class, without a producer: the publisher has one. Retried until the brokers and the topic are there.
   */
  override async start(callback: () => void): Promise<void> {
    const consumer = this.client!.consumer({ ...this.options.consumer, groupId: this.groupId });
    this.consumer = consumer;
    this.registerConsumerEventListeners();
    for (let connected = false; !connected && this.consumer;) {
      try {
        await consumer.connect();
        await this.bindEvents(consumer);
        connected = true;
      } catch (error) {
        await this.waitToStart('waiting', error);
      }
    }
    callback();
  }

  override async bindEvents(consumer: Consumer): Promise<void> {
    const { pattern, sourceTopic } = this.settings;
    const handler = this.getHandlerByPattern(pattern);
    if (!handler) {
      throw new Error(`no handler for ${pattern}`);
    }
    // Nest answers with a stream when a handler throws, else with what it returns.
    const handleBatch: BatchHandler = (records) =>
      lastValueFrom(this.transformToObservable(handler(records)));
    await this.requireTopics();
    await this.reportLostMessages();
    await consumer.subscribe({ topics: [sourceTopic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
      eachBatch: (payload) => this.eachBatch(payload, handleBatch),
    });
  }

  private async eachBatch(payload: EachBatchPayload, handler: BatchHandler): Promise<void> {
    const { batch } = payload;
    const hold = this.take(payload);
    try {
      await this.comparison.untilCompared(hold);
      const begun = performance.now();
      const slices = inSlices(batch.messages, MOST);
      const now = batch.offsetLag() === '0' ? slices : withoutSmallRest(slices, MOST);
      for (const [place, messages] of now.entries()) {
        hold.check();
        const isLast = place === slices.length - 1;
        await this.finish(messages, isLast ? batch.lastOffset() : messages.at(-1)!.offset, hold, handler);
      }
      if (slices.length === 0) {
        // Markers of transactions, or what was aborted: nothing to do but to pass them.
        await this.pass(batch.lastOffset(), hold);
      }
      await this.untilStreamHasGrown(batch, performance.now() - begun);
      hold.check();
    } catch (error) {
      if (!(error instanceof Abandoned)) {
        throw error;
      }
      // Errors of kafkajs go out as they are: it knows what to do about a rebalance.
      if (hold.lost) {
        throw hold.lost;
      }
    } finally {
      this.giveBack(hold);
    }
  }

  private take(payload: EachBatchPayload): Hold {
    const { topic, partition } = payload.batch;
    const offset = payload.batch.firstOffset()!;
    const hold = new Hold(payload, this.settings.progress.begin({ topic, partition, offset }));
    this.comparison.follow(hold);
    return hold;
  }

  private giveBack(hold: Hold): void {
    hold.end();
    this.comparison.end(hold);
    this.settings.progress.end(hold.progress);
  }

  /** @param last up to where the partition is finished with these messages */
  private async finish(
    messages: KafkaMessage[],
    last: string,
    hold: Hold,
    handler: BatchHandler,
  ): Promise<void> {
    const records = messages.map((message) => recordOf(hold.payload.batch, message));
    const work = () => this.finishRecords(records, last, hold, handler);
    await (traces?.batch(tracedBatch(records, 'process', this.fetchedAt), work) ?? work());
  }

  private async finishRecords(
    records: KafkaRecord[],
    last: string,
    hold: Hold,
    handler: BatchHandler,
  ): Promise<void> {
    const { progress, refusals, judge } = this.settings;
    const handling = new BatchHandling(handler, hold, this.comparison, refusals, judge);
    const handled = await this.timed('handle', () => handling.outcomes(records));
    const outcomes = await this.timed('publish', () => this.publish(records, handled, hold));
    await this.pass(last, hold);
    hold.progress.step();
    this.report(records, outcomes);
    progress.finished(Number(records.at(-1)!.timestamp));
  }

  /**
   * Outputs and dead letters, until the broker has acknowledged them. A message whose output is refused is refused
   * itself.
   */
  private async publish(records: KafkaRecord[], outcomes: Outcome[], hold: Hold): Promise<Outcome[]> {
    const { service, outputTopic, deadLetterTopic, publisher } = this.settings;
    const outputs = outputsOf(records, outcomes);
    await traceOutputs(publisher, outputTopic!, outputs);
    const refusals = await this.deliver(outputTopic!, [...outputs.keys()], hold);
    const settled = outcomes.map((outcome) => {
      const refusal = outcome.kind === 'processed' && outcome.output && refusals.get(outcome.output);
      return refusal ? outputRefused(outputTopic!, refusal) : outcome;
    });
    const deadLetters = settled.flatMap((outcome, place) =>
      outcome.kind === 'refused' ? deadLetter(records[place]!, outcome, service) : [],
    );
    await this.deliver(deadLetterTopic, deadLetters, hold);
    return settled;
  }

  /** @returns those that the topic refuses; all others are acknowledged */
  private async deliver(
    topic: string,
    messages: OutgoingMessage[],
    hold: Hold,
  ): Promise<ReadonlyMap<OutgoingMessage, TopicRefusal>> {
    const delivery = new Delivery(topic, messages);
    while (delivery.left.length > 0) {
      try {
        await this.settings.publisher.publish(delivery);
        FAILPOINTS && failpoint('after_publish');
      } catch (error) {
        await hold.wait(error, this.settings.judge(error));
      }
    }
    return delivery.refused;
  }

  /** Moves the offset behind the last one that is finished, unless reading goes back. */
  private async pass(last: string, hold: Hold): Promise<void> {
    hold.checkPlace();
    await this.timed('commit', () => this.untilMoved(hold, last));
    hold.checkPlace();
    hold.payload.resolveOffset(last);
  }

  /** While the coordinator of the group is away the batch waits, and is not done again. */
  private async untilMoved(hold: Hold, last: string): Promise<void> {
    for (;;) {
      try {
        return await this.moveOffset(hold.payload, last);
      } catch (error) {
        const judgement = this.settings.judge(error);
        if (isOutOfGroup(error) || judgement.server !== 'kafka') {
          throw error;
        }
        await hold.wait(error, judgement);
      }
    }
  }

  private async moveOffset(
    { batch, commitOffsetsIfNecessary }: EachBatchPayload,
    last: string,
  ): Promise<void> {
    const { topic, partition } = batch;
    const next = { topic, partition, offset: String(BigInt(last) + 1n) };
    FAILPOINTS && failpoint('before_offset');
    await commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [this.settings.positions.mark(next)] }],
    });
    FAILPOINTS && failpoint('after_offset');
  }

  private report(records: KafkaRecord[], outcomes: Outcome[]): void {
    const counts = new Map<string, number>();
    outcomes.forEach((outcome, place) => {
      counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
      if (outcome.kind === 'refused') {
        reportDeadLetter(this.logger, records[place]!, outcome.reason);
      } else if (outcome.kind === 'parked') {
        const { missing } = outcome;
        traces?.parked(records[place]!, missing);
        this.logger.log({ msg: 'parked', reason: 'no_dictionary', missing, ...placeOf(records[place]!) });
      }
    });
    batchMessages.observe(records.length);
    counts.forEach((count, outcome) => messagesTotal.inc({ outcome }, count));
  }

  private async untilStreamHasGrown(batch: Batch, tookMs: number): Promise<void> {
    if (batch.messages.length >= STREAM_MESSAGES && batch.offsetLag() === '0') {
      await pause(
        Math.max(0, this.fetchedAt + streamHoldMs(tookMs, batch.messages.length) - performance.now()),
      );
    }
  }

  /**
   * kafkajs takes an unknown topic for one without partitions, and a group without partitions reads nothing for ever.
   */
  private async requireTopics(): Promise<void> {
    const { sourceTopic, outputTopic, deadLetterTopic } = this.settings;
    const topics = [sourceTopic, outputTopic, deadLetterTopic].filter((topic) => topic !== undefined);
    const existing = await withAdmin(this.client!, (admin) => existingTopics(admin, topics));
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length > 0) {
      const reader = this.options.client?.sasl ? ', or not for KAFKA_SASL_USERNAME to see' : '';
      throw new Error(
        `missing topics${reader}, see SOURCE_TOPIC, OUTPUT_TOPIC and DEAD_LETTER_TOPIC: ${missing.join(', ')}`,
      );
    }
  }

  /**
   * Messages that expired before they were read are gone; reading goes on with the oldest that is left. Looked for
   * before the group is joined: as soon as kafkajs meets such an offset, it moves it. What expires later, kafkajs
   * reports itself, as an error.
   */
  private async reportLostMessages(): Promise<void> {
    const { sourceTopic: topic } = this.settings;
    try {
      for (const { partition, offset, low } of await this.groupOffsets()) {
        const lost = BigInt(low) - BigInt(offset);
        if (BigInt(offset) >= 0n && lost > 0n) {
          this.logger.error({
            msg: 'messages expired before they were read',
            topic,
            partition,
            offset,
            low,
            lost: String(lost),
          });
        }
      }
    } catch (error) {
      this.logger.debug(`could not compare offsets with the log: ${reasonOf(error)}`);
    }
  }

  private groupOffsets(): Promise<GroupOffset[]> {
    return groupOffsets(this.client!, this.groupId, this.settings.sourceTopic);
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const consumer = this.consumer!;
    const { progress } = this.settings;
    progress.explainBy(lastComplaint);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const { sourceTopic } = this.settings;
      const partitions = payload.memberAssignment[sourceTopic] ?? [];
      progress.groupJoined(sourceTopic, partitions);
      this.comparison.joined(consumer, partitions);
    });
    consumer.on(consumer.events.REBALANCING, () => {
      progress.rebalancing();
      rebalancesTotal.inc();
    });
    consumer.on(consumer.events.FETCH_START, ({ payload }) => progress.asking(String(payload.nodeId)));
    // Not the event FETCH, which kafkajs also sends when it has asked nobody, or got no answer.
    consumer.on(consumer.events.REQUEST, ({ payload }) => {
      if (payload.apiName === 'Fetch' || payload.apiName === 'Heartbeat') {
        progress.answered();
      }
    });
    consumer.on(consumer.events.FETCH, () => {
      this.fetchedAt = performance.now();
    });
    consumer.on(consumer.events.STOP, () => progress.groupLeft());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      progress.groupLeft();
      const { error, restart } = payload;
      const isRefused = !restart && refusalOf(error).isFinal;
      if (isRefused || isCausedBy(error, 'KafkaJSGroupCoordinatorNotFound')) {
        // A broker that is away, or a right that may be given back, not a defect; but kafkajs takes it for one and has
        // stopped.
        void this.startAgain(consumer, error);
      } else if (!restart) {
        this.logger.fatal(`the consumer has stopped for good: ${error.message}`);
        process.exit(1);
      }
    });
  }

  private async startAgain(consumer: Consumer, error: Error): Promise<void> {
    await this.waitToStart('the consumer starts again', error);
    if (this.consumer === consumer) {
      await this.start(() => undefined);
    }
  }

  private async waitToStart(what: string, error: unknown): Promise<void> {
    const { message } = refusalOf(error);
    this.settings.progress.kept(message);
    if (this.startLog.isDue(message)) {
      this.logger.warn(`${what}: ${message}`);
    }
    await pause(WAIT_MS);
  }

  /** Waits for the batches in hand, then leaves the group. */
  override async close(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = null;
    this.comparison.stop();
    await consumer?.disconnect();
  }

  private async timed<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const end = batchSeconds.startTimer({ stage });
    try {
      return await (traces?.stage(stage, work) ?? work());
    } finally {
      end();
    }
  }
}

/** Each with the record that it was made of. */
function outputsOf(records: KafkaRecord[], outcomes: Outcome[]): Map<OutgoingMessage, KafkaRecord> {
  const outputs = new Map<OutgoingMessage, KafkaRecord>();
  for (const [place, outcome] of outcomes.entries()) {
    if (outcome.kind === 'processed' && outcome.output) {
      outputs.set(outcome.output, records[place]!);
    }
  }
  return outputs;
}

function recordOf({ topic, partition }: Batch, message: KafkaMessage): KafkaRecord {
  const { offset, timestamp, key, value } = message;
  const headers = headersOf(message);
  const why = whyUnreadable(message);
  const refused: Refused | undefined =
    why === undefined ? undefined : { kind: 'refused', reason: 'unreadable_batch', message: why };
  return { topic, partition, offset, timestamp, key, value, headers, refused };
}
