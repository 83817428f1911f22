import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ServerKafka } from '@nestjs/microservices';
import type { Judgement, Verdict } from '@app/servers/verdict';
import { isMarked, type Committed, type Positions, type Rewind } from '@app/warehouse/positions';
import { reasonOf } from '@app/warehouse/reason-of';
import { lastValueFrom } from 'rxjs';
import type { Consumer, EachBatchPayload, KafkaConfig, PartitionOffset } from 'kafkajs';
import { REBALANCE_MS } from './kafkajs.socket';
import {
  batchMessages,
  batchRepeatsTotal,
  batchSeconds,
  messagesTotal,
  rebalancesTotal,
  rewindsTotal,
} from './batch.metrics';
import type { BatchProgress, ConsumerProgress } from './consumer.progress';
import { deadLetter, outputRefused, placeOf, reportDeadLetter } from './dead-letter';
import { Delivery, type TopicRefusal } from './delivery';
import { existingTopics } from './existing-topics';
import { inSlices } from './in-slices';
import { lastComplaint } from './kafka.client';
import { isCausedBy, refusalOf } from './kafka.refusal';
import { refusedBatch } from './kafkajs.fetch';
import { headersOf } from './kafkajs.headers';
import type { MessagePublisher } from './message.publisher';
import type { BatchHandler, KafkaRecord, Outcome, OutgoingMessage } from './outcome';
import { DatabaseRefusesAll, type Refusals } from './refusals';
import { WaitLog } from './wait.log';

/** At most so many messages are one transaction: enough to be fast, few enough for the memory and for the locks of others. */
const BATCH_MESSAGES = 1_000;
/** Nor more bytes, unless one message alone has more: what came compressed can be a hundred times as large as what was fetched. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Partitions whose batches are worked on at the same time: while one waits for PostgreSQL, another is parsed. */
export const CONCURRENT_PARTITIONS = 2;
/** A batch of so many messages that ends with the newest of its partition is part of a stream, not a live order by itself. */
const STREAM_MESSAGES = 20;
/**
 * How long after one fetch of a stream the next one is, at least, so that its batches grow: many small ones cost more than a few large
 * ones. Counted once a fetch and not once a batch, so that it does not grow with the number of partitions.
 */
const STREAM_MS = 1_000;
const WAIT_MS = 1_000;
/** While the database refuses everything, a batch is read again after so many tries: what came behind it may be stored. */
const TRIES_BEFORE_READING_AGAIN = 10;
const HEARTBEAT_MS = 2_000;

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
  judge: (error: unknown) => Judgement;
}

/** The group lost this batch, or the process stops: whoever reads it next starts it anew. */
class Abandoned extends Error {}

/**
 * Nest transport that hands over Kafka messages in batches and keeps the order of things that makes them exact: the handler's
 * effects are durable, then outputs and dead letters are acknowledged, then the offset moves. All waiting, repeating and halving
 * is here.
 */
export class BatchServer extends ServerKafka {
  protected override readonly logger = new Logger(BatchServer.name);
  private fetchedAt = 0;
  private readonly startLog = new WaitLog();
  /** Partitions of this process, and the comparison of what is stored of them with what the group has committed. */
  private assigned: number[] = [];
  private comparison: Promise<void> = Promise.resolve();
  private comparisons = 0;
  /** Whether they were compared since the group was joined. */
  private isCompared = false;

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
        maxBytes: 6_291_456,
        // The consumer never gives up on errors that may heal; without a limit of tries it does not leave the group for them.
        retry: { initialRetryTime: 200, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 2 ** 31 },
      },
    });
    settings.positions.onDoubt(() => this.compare());
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.client = await this.createClient();
      await this.start(() => callback());
    } catch (error) {
      callback(error);
    }
  }

  /** As in the base class, without a producer: the publisher has one. Retried until the brokers and the topic are there. */
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

  private async waitToStart(what: string, error: unknown): Promise<void> {
    const { message } = refusalOf(error);
    this.settings.progress.kept(message);
    if (this.startLog.isDue(message)) {
      this.logger.warn(`${what}: ${message}`);
    }
    await pause(WAIT_MS);
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

  /** Waits for the batches in hand, then leaves the group. */
  override async close(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = null;
    await consumer?.disconnect();
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const consumer = this.consumer!;
    const { progress } = this.settings;
    progress.explainBy(lastComplaint);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const { sourceTopic } = this.settings;
      this.assigned = payload.memberAssignment[sourceTopic] ?? [];
      progress.groupJoined(sourceTopic, this.assigned);
      this.isCompared = false;
      this.compare();
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
        // A broker that is away, or a right that may be given back, not a defect; but kafkajs takes it for one and has stopped.
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

  private async eachBatch(payload: EachBatchPayload, handler: BatchHandler): Promise<void> {
    const { batch } = payload;
    const { progress } = this.settings;
    const { topic, partition } = batch;
    const hold = new Hold(payload, progress.begin({ topic, partition, offset: batch.firstOffset()! }));
    try {
      const slices = inSlices(batch.messages, BATCH_MESSAGES, BATCH_BYTES);
      await this.untilCompared(hold);
      for (const [place, messages] of slices.entries()) {
        hold.check();
        const records = messages.map((message) => ({
          topic,
          partition,
          offset: message.offset,
          timestamp: message.timestamp,
          key: message.key,
          value: message.value,
          headers: headersOf(message),
          refused: refusedBatch(message),
        }));
        const last = place === slices.length - 1 ? batch.lastOffset() : messages.at(-1)!.offset;
        const handled = await this.timed('handle', () => this.outcomesOfAll(records, handler, hold));
        const outcomes = await this.timed('publish', () => this.publish(records, handled, hold));
        hold.checkPlace();
        await this.timed('commit', () => this.moveOffset(payload, last));
        hold.progress.step();
        this.report(records, outcomes);
        progress.finished(Number(records.at(-1)!.timestamp));
      }
      if (slices.length === 0) {
        // Markers of transactions, or what was aborted: nothing to do but to pass them.
        await this.timed('commit', () => this.moveOffset(payload, batch.lastOffset()));
      }
      if (batch.messages.length >= STREAM_MESSAGES && batch.offsetLag() === '0') {
        await pause(Math.max(0, this.fetchedAt + STREAM_MS - performance.now()));
      }
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
      hold.end();
      progress.end(hold.progress);
    }
  }

  /** The handler gets what could be read. */
  private async outcomesOfAll(records: KafkaRecord[], handler: BatchHandler, hold: Hold): Promise<Outcome[]> {
    const read = records.filter(({ refused }) => !refused);
    const outcomes = read.length > 0 ? await this.believedOutcomes(read, handler, hold) : [];
    return records.map(({ refused }) => refused ?? outcomes.shift()!);
  }

  /**
   * The outcomes of a batch, unless the database is to blame for what it refused: then the batch waits, and no message becomes a dead
   * letter. Where a message of another batch is stored meanwhile and these are refused still, the messages are to blame.
   */
  private async believedOutcomes(
    records: KafkaRecord[],
    handler: BatchHandler,
    hold: Hold,
  ): Promise<Outcome[]> {
    const { refusals } = this.settings;
    const { evidence } = refusals;
    for (;;) {
      const isTriedAgain = refusals.evidence !== evidence;
      hold.refused = [];
      const outcomes = await this.outcomesOf(records, handler, hold);
      const doubtful = isTriedAgain || refusals.evidence !== evidence ? undefined : this.doubtful(hold);
      if (!doubtful) {
        return outcomes;
      }
      await this.untilOneIsStored(doubtful, handler, hold);
    }
  }

  /** One of the refused messages where the database has to be blamed for them. */
  private doubtful({ refused }: Hold): RefusedRecord | undefined {
    const states = new Set(refused.map(({ state }) => state));
    for (const state of states) {
      const ofState = refused.filter((one) => one.state === state);
      const values = ofState.map(({ record }) => record.value);
      if (this.settings.refusals.blameDatabase(state, values)) {
        return ofState[0];
      }
    }
    return undefined;
  }

  /**
   * Tries one of the refused messages once a second.
   * @throws Abandoned after a while, so that the batch is read again with what has come behind it
   */
  private async untilOneIsStored(
    { record, reason }: RefusedRecord,
    handler: BatchHandler,
    hold: Hold,
  ): Promise<void> {
    const { refusals, judge } = this.settings;
    const { evidence } = refusals;
    const refusal = new DatabaseRefusesAll(reason);
    for (let tries = 1; refusals.evidence === evidence; tries += 1) {
      this.waitFor(refusal, hold, { verdict: 'wait', server: 'postgresql', reason: refusal.message });
      await pause(WAIT_MS);
      hold.check();
      if (tries === TRIES_BEFORE_READING_AGAIN) {
        throw new Abandoned();
      }
      try {
        this.noteStored(await handler([record]));
      } catch (error) {
        if (!['condemn', 'forget'].includes(judge(error).verdict)) {
          return;
        }
      }
    }
  }

  private noteStored(outcomes: Outcome[]): void {
    if (outcomes.some(({ kind }) => kind === 'processed' || kind === 'parked')) {
      this.settings.refusals.stored();
    }
  }

  private async outcomesOf(records: KafkaRecord[], handler: BatchHandler, hold: Hold): Promise<Outcome[]> {
    for (let forgotten = false; ;) {
      await this.untilCompared(hold);
      this.settings.positions.begin(records[0]!);
      try {
        const outcomes = await handler(records);
        hold.progress.step();
        this.noteStored(outcomes);
        return outcomes;
      } catch (error) {
        const judgement = this.settings.judge(error);
        const { verdict } = judgement;
        if (verdict === 'defect' || verdict === 'wait') {
          this.waitFor(error, hold, judgement);
          await pause(WAIT_MS);
          continue;
        }
        this.reportRepeat(error, records, hold, verdict);
        if (verdict === 'condemn' || (verdict === 'forget' && forgotten)) {
          return this.halve(records, handler, hold, error);
        }
        forgotten ||= verdict === 'forget';
      }
    }
  }

  /** PostgreSQL refused some message of the batch: each half is a batch of its own, down to the one message that is to blame. */
  private async halve(
    records: KafkaRecord[],
    handler: BatchHandler,
    hold: Hold,
    error: unknown,
  ): Promise<Outcome[]> {
    hold.progress.step();
    const [record] = records;
    if (records.length === 1) {
      hold.refused.push({
        record: record!,
        state: (error as { code: string }).code,
        reason: reasonOf(error),
      });
      return [{ kind: 'refused', reason: 'database_refused', message: (error as Error).message }];
    }
    const middle = Math.ceil(records.length / 2);
    const first = await this.outcomesOf(records.slice(0, middle), handler, hold);
    const second = await this.outcomesOf(records.slice(middle), handler, hold);
    return [...first, ...second];
  }

  /** Outputs and dead letters, until the broker has acknowledged them. A message whose output is refused is refused itself. */
  private async publish(records: KafkaRecord[], outcomes: Outcome[], hold: Hold): Promise<Outcome[]> {
    const { service, outputTopic, deadLetterTopic } = this.settings;
    const outputs = outcomes.flatMap((outcome) =>
      outcome.kind === 'processed' ? (outcome.output ?? []) : [],
    );
    const refusals = await this.deliver(outputTopic!, outputs, hold);
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
      } catch (error) {
        this.waitFor(error, hold, this.settings.judge(error));
        await pause(WAIT_MS);
        hold.check();
      }
    }
    return delivery.refused;
  }

  /** An offset to commit, with the position that the database holds. */
  private marked(topic: string, partition: number, offset: string): PartitionOffset & { metadata: string } {
    return { partition, offset, metadata: this.settings.positions.mark({ topic, partition }) };
  }

  /**
   * Compares what the database holds with what the group has committed, until the database answers; batches wait for it. Where the
   * database holds less, reading goes back.
   */
  private compare(): void {
    this.comparisons += 1;
    const number = this.comparisons;
    const progress = this.settings.progress.follow('the comparison of positions');
    const isNewest = () => number === this.comparisons && this.consumer !== null;
    this.comparison = this.untilAnswered(progress, isNewest).finally(() =>
      this.settings.progress.end(progress),
    );
  }

  private async untilAnswered(progress: BatchProgress, isNewest: () => boolean): Promise<void> {
    const log = new WaitLog();
    while (isNewest()) {
      try {
        return await this.goBackWhereBehind(isNewest);
      } catch (error) {
        const judgement = this.settings.judge(error);
        const { reason } = judgement;
        if (judgement.verdict === 'wait') {
          progress.waiting(judgement);
        } else if (judgement.verdict === 'defect') {
          progress.failing(reason);
        }
        if (log.isDue(reason)) {
          const what = judgement.verdict === 'wait' ? 'waiting' : 'positions are not compared yet';
          this.logger.warn(`${what}: ${reason}`);
        }
        await pause(WAIT_MS);
      }
    }
  }

  /** @throws Abandoned when the group has taken the partition away, reading goes back, or the process stops */
  private async untilCompared(hold: Hold): Promise<void> {
    for (let isDone = false; !isDone;) {
      const { comparison } = this;
      isDone = await Promise.race([comparison.then(() => true), pause(WAIT_MS, false)]);
      isDone &&= comparison === this.comparison;
      hold.progress.step();
      hold.check();
    }
  }

  private async goBackWhereBehind(isNewest: () => boolean): Promise<void> {
    const { sourceTopic: topic, positions } = this.settings;
    const partitions = [...this.assigned];
    if (partitions.length === 0) {
      return;
    }
    const { committed, starts } = await this.offsetsOf(partitions);
    const rewinds = await positions.compare(topic, committed, this.isCompared);
    if (!isNewest()) {
      return;
    }
    for (const rewind of rewinds) {
      this.goBack(rewind, starts.get(rewind.partition) ?? '0');
    }
    this.isCompared = true;
    // From now on the offsets are ours, so that what is lost later is missed. Below 0 is none: -1, and -2 after an offset out of range.
    const taken = committed.filter(({ offset, metadata }) => BigInt(offset) >= 0n && !isMarked(metadata));
    if (taken.length > 0) {
      await this.consumer!.commitOffsets(
        taken.map(({ partition, offset }) => ({ topic, ...this.marked(topic, partition, offset) })),
      );
    }
  }

  private goBack({ partition, from, to }: Rewind, start: string): void {
    const { sourceTopic: topic, positions } = this.settings;
    positions.goBack(topic, partition, to);
    const expired = BigInt(start) - BigInt(to);
    this.logger.error({
      msg: 'the database holds less than was stored in it: reading goes back',
      topic,
      partition,
      from,
      to,
      ...(expired > 0n && to !== '0' ? { lost: String(expired) } : {}),
    });
    rewindsTotal.inc();
    this.consumer!.seek({ topic, partition, offset: expired > 0n ? start : to });
  }

  /** What the group has committed of the partitions, and where they begin. */
  private async offsetsOf(
    partitions: number[],
  ): Promise<{ committed: Committed[]; starts: Map<number, string> }> {
    const { sourceTopic } = this.settings;
    const admin = this.client!.admin();
    await admin.connect();
    try {
      const [topic] = await admin.fetchOffsets({ groupId: this.groupId, topics: [sourceTopic] });
      const offsets = await admin.fetchTopicOffsets(sourceTopic);
      return {
        committed: topic!.partitions.filter(({ partition }) => partitions.includes(partition)),
        starts: new Map(offsets.map(({ partition, low }) => [partition, low])),
      };
    } finally {
      await admin.disconnect();
    }
  }

  protected async moveOffset(
    { batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload,
    last: string,
  ): Promise<void> {
    const { topic, partition } = batch;
    await commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [this.marked(topic, partition, String(BigInt(last) + 1n))] }],
    });
    resolveOffset(last);
  }

  private report(records: KafkaRecord[], outcomes: Outcome[]): void {
    const counts = new Map<string, number>();
    outcomes.forEach((outcome, place) => {
      counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
      if (outcome.kind === 'refused') {
        reportDeadLetter(this.logger, records[place]!, outcome.reason);
      } else if (outcome.kind === 'parked') {
        const { missing } = outcome;
        this.logger.log({ msg: 'parked', reason: 'no_dictionary', missing, ...placeOf(records[place]!) });
      }
    });
    batchMessages.observe(records.length);
    counts.forEach((count, outcome) => messagesTotal.inc({ outcome }, count));
  }

  /** The same reason is logged once a minute: a batch of nothing but bad messages is halved a thousand times. */
  private reportRepeat(error: unknown, records: KafkaRecord[], { log }: Hold, verdict: Verdict): void {
    batchRepeatsTotal.inc({ verdict });
    const reason = reasonOf(error);
    if (log.isDue(reason)) {
      const messages = records.length;
      const { object_id, ...place } = placeOf(records[0]!);
      this.logger.log({
        msg: 'batch repeated',
        reason,
        ...place,
        ...(messages === 1 ? { object_id } : { messages }),
      });
    }
  }

  /** The batch goes on where it stands, by itself when a server is down, and after a new start where our own code failed. */
  private waitFor(error: unknown, { payload, progress, log }: Hold, judgement: Judgement): void {
    const { verdict, reason } = judgement;
    batchRepeatsTotal.inc({ verdict });
    if (verdict === 'wait') {
      progress.waiting(judgement);
    } else {
      progress.failing(reason);
    }
    if (log.isDue(reason)) {
      const { topic, partition } = payload.batch;
      const offset = payload.batch.firstOffset();
      if (verdict === 'wait') {
        const level = error instanceof DatabaseRefusesAll ? 'error' : 'warn';
        this.logger[level]({ msg: `waiting: ${reason}`, topic, partition, offset });
      } else {
        const msg = `the batch cannot go on: ${(error as Error).name}: ${reason}`;
        this.logger.error({ msg, err: error, topic, partition, offset });
      }
    }
  }

  /** kafkajs takes an unknown topic for one without partitions, and a group without partitions reads nothing for ever. */
  private async requireTopics(): Promise<void> {
    const { sourceTopic, outputTopic, deadLetterTopic } = this.settings;
    const admin = this.client!.admin();
    await admin.connect();
    try {
      const topics = [sourceTopic, outputTopic, deadLetterTopic].filter((topic) => topic !== undefined);
      const existing = await existingTopics(admin, topics);
      const missing = topics.filter((topic) => !existing.has(topic));
      if (missing.length > 0) {
        const reader = this.options.client?.sasl ? ', or not for KAFKA_SASL_USERNAME to see' : '';
        throw new Error(
          `missing topics${reader}, see SOURCE_TOPIC, OUTPUT_TOPIC and DEAD_LETTER_TOPIC: ${missing.join(', ')}`,
        );
      }
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * Messages that expired before they were read are gone; reading goes on with the oldest that is left. Looked for before the group
   * is joined: as soon as kafkajs meets such an offset, it moves it. What expires later, kafkajs reports itself, as an error.
   */
  private async reportLostMessages(): Promise<void> {
    const { sourceTopic } = this.settings;
    const admin = this.client!.admin();
    try {
      await admin.connect();
      const starts = await admin.fetchTopicOffsets(sourceTopic);
      const [committed] = await admin.fetchOffsets({ groupId: this.groupId, topics: [sourceTopic] });
      for (const { partition, offset } of committed?.partitions ?? []) {
        const low = starts.find((start) => start.partition === partition)?.low ?? '0';
        const lost = BigInt(low) - BigInt(offset);
        if (BigInt(offset) >= 0n && lost > 0n) {
          this.logger.error({
            msg: 'messages expired before they were read',
            topic: sourceTopic,
            partition,
            offset,
            low,
            lost: String(lost),
          });
        }
      }
    } catch (error) {
      this.logger.debug(`could not compare offsets with the log: ${reasonOf(error)}`);
    } finally {
      await admin.disconnect();
    }
  }

  private async timed<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const end = batchSeconds.startTimer({ stage });
    try {
      return await work();
    } finally {
      end();
    }
  }
}

interface RefusedRecord {
  record: KafkaRecord;
  /** The SQLSTATE. */
  state: string;
  /** In words that may stand in logs. */
  reason: string;
}

/** The claim on a partition while its batch is in hand: heartbeats on a timer, and what they said; what is told of the batch. */
class Hold {
  lost?: unknown;
  /** The messages that PostgreSQL refused one by one. */
  refused: RefusedRecord[] = [];
  readonly log = new WaitLog();
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly payload: EachBatchPayload,
    readonly progress: BatchProgress,
  ) {
    this.timer = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => (this.lost = error));
    }, HEARTBEAT_MS);
  }

  /** @throws Abandoned when reading goes back behind this batch */
  checkPlace(): void {
    if (this.payload.isStale()) {
      throw new Abandoned();
    }
  }

  /** @throws Abandoned when the group has taken the partition away, or the process stops */
  check(): void {
    if (this.lost !== undefined || !this.payload.isRunning() || this.payload.isStale()) {
      throw new Abandoned();
    }
  }

  end(): void {
    clearInterval(this.timer);
  }
}
