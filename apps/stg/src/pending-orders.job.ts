import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { deadLetter } from '@app/kafka/dead-letter';
import { MessagePublisher } from '@app/kafka/message.publisher';
import type { KafkaRecord, OutgoingMessage } from '@app/kafka/outcome';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { Dictionary } from './dictionary';
import { encodeOutput } from './encode-output';
import { enrichOrder } from './enrich-order';
import {
  duePendingOrders,
  postponeOrders,
  releasedOrders,
  releaseOrders,
  removePending,
  type PendingOrder,
} from './pending-orders';
import { readOrder, type ReceivedOrder } from './read-order';
import { StgEnvironment } from './stg.environment';

/**
 * Tries parked orders again. In two steps, so that a version is enriched once whatever crashes: the entries are stored with the
 * version and its row is marked as released; then what is marked is published, and leaves when the broker has acknowledged it.
 * One replica at a time does either.
 */
@Injectable()
export class PendingOrdersJob implements OnModuleDestroy {
  private readonly logger = new Logger('parked orders');
  private readonly job = new RepeatedJob('parked orders', () => this.step());

  constructor(
    private readonly dictionary: Dictionary,
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: StgEnvironment,
  ) {}

  @Interval(1_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  private async step(): Promise<boolean> {
    const tried = await this.alone((client) => this.release(client));
    const published = await this.alone((client) => this.publish(client));
    return tried || published;
  }

  private async release(client: Client): Promise<boolean> {
    const due = (await duePendingOrders(client)).map(receivedAgain);
    const answers = await this.dictionary.lookUp(due.map(({ order }) => order));
    const tried = due.map((received) => ({
      received,
      enrichment: enrichOrder(received.order, received.version, answers),
    }));
    await releaseOrders(client, tried);
    await postponeOrders(client, tried);
    return due.length > 0;
  }

  private async publish(client: Client): Promise<boolean> {
    const released = await releasedOrders(client);
    const answers = await this.dictionary.recall(released.map(({ used }) => used));
    const outputs: OutgoingMessage[] = [];
    for (const [place, pending] of released.entries()) {
      const { order, version, objectId } = receivedAgain(pending);
      const enrichment = enrichOrder(order, version, answers[place]!);
      if (enrichment.kind === 'incomplete') {
        throw new Error(`the dictionary entries of order ${objectId} are gone from stg.dictionary_entries`);
      }
      const output = encodeOutput(enrichment.staged);
      if (await this.publisher.accepts(this.environment.OUTPUT_TOPIC, output)) {
        outputs.push(output);
      } else {
        await this.refuse(pending.record);
      }
    }
    await this.publisher.publish(this.environment.OUTPUT_TOPIC, outputs);
    await removePending(client, released);
    return released.length > 0;
  }

  private async refuse(record: KafkaRecord): Promise<void> {
    const { OUTPUT_TOPIC, DEAD_LETTER_TOPIC } = this.environment;
    const message = `with names and categories the order is larger than a message of ${OUTPUT_TOPIC} may be`;
    const letter = deadLetter(record, { kind: 'refused', reason: 'message_too_large', message }, 'stg');
    await this.publisher.publish(DEAD_LETTER_TOPIC, [letter]);
    const { topic, partition, offset } = record;
    this.logger.warn({ msg: 'dead letter', reason: 'message_too_large', topic, partition, offset });
  }

  /** The lock ends with the transaction: a frozen replica loses it when PostgreSQL ends its idle transaction. */
  private alone(work: (client: Client) => Promise<boolean>): Promise<boolean> {
    return this.warehouse.transaction(async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('stg.pending_orders')) AS locked`,
      );
      return rows[0]!.locked && work(client);
    });
  }
}

/** A parked message was an order when it came, and its bytes are the same. */
function receivedAgain({ record }: PendingOrder): ReceivedOrder {
  const received = readOrder(record);
  if (received.kind !== 'order') {
    throw new Error(
      `the parked message ${record.topic}/${record.partition}/${record.offset} is no valid order any more`,
    );
  }
  return received;
}
