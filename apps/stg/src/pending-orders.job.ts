import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type pg from 'pg';
import { deadLetter, reportDeadLetter } from '@app/kafka/dead-letter';
import { Delivery } from '@app/kafka/delivery';
import { MessagePublisher } from '@app/kafka/message.publisher';
import type { OutgoingMessage, Refused } from '@app/kafka/outcome';
import { publishOutputs } from '@app/kafka/publish-outputs';
import { DatabaseRefusesAll, Refusals } from '@app/kafka/refusals';
import { RepeatedJob } from '@app/service/repeated.job';
import { reasonOf } from '@app/warehouse/reason-of';
import { verdictOf } from '@app/warehouse/sqlstate';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { Dictionary } from './dictionary';
import { encodeOutput } from './encode-output';
import { enrichOrder } from './enrich-order';
import {
  duePendingOrders,
  PENDING_ORDERS,
  postponeOrders,
  releasedOrders,
  releaseOrders,
  removePending,
  stillWaiting,
  type PendingOrder,
  type PostponedOrder,
  type ReleasedOrder,
} from './pending-orders';
import { readOrder, type ReceivedOrder } from './read-order';
import { StgEnvironment } from './stg.environment';
import { storeEntries } from './store-entries';
import { tooLargeFor } from './too-large';

/**
 * Tries parked orders again. In two steps, so that a version is enriched once whatever crashes: the entries are stored with the
 * version and its row is marked as released; then what is marked is published, and leaves when the broker has acknowledged it.
 * One replica at a time does either.
 */
@Injectable()
export class PendingOrdersJob implements OnModuleDestroy {
  private readonly logger = new Logger('parked orders');
  private readonly job = new RepeatedJob('parked orders', (progress) => this.step(progress));

  constructor(
    private readonly dictionary: Dictionary,
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: StgEnvironment,
    private readonly refusals: Refusals,
  ) {}

  @Interval(1_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  private async step(progress: () => void): Promise<boolean> {
    const due = await this.warehouse.read(duePendingOrders);
    const released = due.length > 0 && (await this.release(due, progress));
    const published = await this.publish();
    return released || published;
  }

  /** An order that PostgreSQL refuses is found by halving, as in a batch; and where it refuses all, they wait as batches do. */
  private async release(due: PendingOrder[], progress: () => void): Promise<boolean> {
    progress();
    try {
      let hasReleased = false;
      const done = await this.warehouse.alone(PENDING_ORDERS, async (client) => {
        hasReleased = await this.tryAgain(client, await stillWaiting(client, due));
        return true;
      });
      if (hasReleased) {
        this.refusals.taken();
      }
      return done;
    } catch (error) {
      this.dictionary.forget();
      if (verdictOf(error) !== 'condemn') {
        throw error;
      }
      if (due.length > 1) {
        const middle = Math.ceil(due.length / 2);
        return (
          (await this.release(due.slice(0, middle), progress)) &&
          (await this.release(due.slice(middle), progress))
        );
      }
      return await this.warehouse.alone(PENDING_ORDERS, async (client) => {
        const [pending] = await stillWaiting(client, due);
        return pending === undefined || this.condemn(client, pending, error as pg.DatabaseError);
      });
    }
  }

  private async condemn(client: Client, pending: PendingOrder, error: pg.DatabaseError): Promise<boolean> {
    if (this.refusals.areTooMany(error.code!, [pending.record.value])) {
      this.logger.error(`waiting: ${new DatabaseRefusesAll(reasonOf(error)).message}`);
      await postponeOrders(client, [{ ...pending, missing: null }]);
      return true;
    }
    return this.refuse(client, pending, {
      kind: 'refused',
      reason: 'database_refused',
      message: error.message,
    });
  }

  /** @returns whether any is released */
  private async tryAgain(client: Client, waiting: PendingOrder[]): Promise<boolean> {
    const orders = await this.readAgain(client, waiting);
    const answers = await this.dictionary.lookUp(orders.map(({ received }) => received.order));
    const complete: ReleasedOrder[] = [];
    const incomplete: PostponedOrder[] = [];
    for (const { pending, received } of orders) {
      const { order, version } = received;
      const enrichment = enrichOrder(order, version, answers);
      if (enrichment.kind === 'incomplete') {
        incomplete.push({ ...pending, missing: enrichment.missing });
      } else if (
        await this.publisher.accepts(this.environment.OUTPUT_TOPIC, encodeOutput(enrichment.staged))
      ) {
        complete.push({ ...pending, used: enrichment.used });
      } else {
        await this.refuse(client, pending, tooLargeFor(this.environment.OUTPUT_TOPIC));
      }
    }
    await releaseOrders(client, complete);
    await storeEntries(
      client,
      answers.unstored,
      complete.map(({ used }) => used),
    );
    await postponeOrders(client, incomplete);
    return complete.length > 0;
  }

  /** What the broker has acknowledged leaves, also where the rest has to be sent again. */
  private async publish(): Promise<boolean> {
    let failure: unknown;
    const published = await this.warehouse.alone(PENDING_ORDERS, async (client) => {
      const released = await releasedOrders(client);
      const outputs = await this.outputsOf(client, released);
      const records = new Map(Array.from(outputs, ([output, { record }]) => [output, record]));
      const sent = await publishOutputs(this.publisher, this.environment, 'stg', records);
      await removePending(
        client,
        sent.done.map((output) => outputs.get(output)!),
      );
      sent.refused.forEach(({ record, reason }) => reportDeadLetter(this.logger, record, reason));
      failure = sent.failure;
      return released.length > 0;
    });
    if (failure !== undefined) {
      throw failure;
    }
    return published;
  }

  /** Those that cannot be sent on any more are refused on the way. */
  private async outputsOf(
    client: Client,
    released: ReleasedOrder[],
  ): Promise<Map<OutgoingMessage, PendingOrder>> {
    const orders = await this.readAgain(client, released);
    const answers = await this.dictionary.recall(orders.map(({ pending }) => pending.used));
    const outputs = new Map<OutgoingMessage, PendingOrder>();
    for (const [place, { pending, received }] of orders.entries()) {
      const { order, version, objectId } = received;
      const enrichment = enrichOrder(order, version, answers[place]!);
      if (enrichment.kind === 'incomplete') {
        throw new Error(`the dictionary entries of order ${objectId} are gone from stg.dictionary_entries`);
      }
      const output = encodeOutput(enrichment.staged);
      // The limit of the topic may have been lowered since the order was released.
      if (await this.publisher.accepts(this.environment.OUTPUT_TOPIC, output)) {
        outputs.set(output, pending);
      } else {
        await this.refuse(client, pending, tooLargeFor(this.environment.OUTPUT_TOPIC));
      }
    }
    return outputs;
  }

  /**
   * A parked message was an order when it came; a later release of this service may refuse it all the same. One whose user was forgotten
   * has other bytes since, and is the version that it was.
   */
  private async readAgain<T extends PendingOrder>(
    client: Client,
    orders: T[],
  ): Promise<{ pending: T; received: ReceivedOrder }[]> {
    const read: { pending: T; received: ReceivedOrder }[] = [];
    for (const pending of orders) {
      const received = readOrder(pending.record);
      if (received.kind === 'order') {
        read.push({ pending, received: { ...received, version: pending.version } });
      } else if (received.kind === 'refused') {
        await this.refuse(client, pending, received);
      } else {
        throw new Error(`the parked order ${pending.objectId} is no order any more`);
      }
    }
    return read;
  }

  private async refuse(client: Client, pending: PendingOrder, refused: Refused): Promise<boolean> {
    const letter = deadLetter(pending.record, refused, 'stg');
    await this.publisher.publish(new Delivery(this.environment.DEAD_LETTER_TOPIC, [letter]));
    await removePending(client, [pending]);
    reportDeadLetter(this.logger, pending.record, refused.reason);
    return true;
  }
}
