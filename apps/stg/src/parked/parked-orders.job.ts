import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { deadLetter, reportDeadLetter } from '@app/batches/dead-letter';
import { Delivery } from '@app/kafka/delivery';
import { MessagePublisher } from '@app/kafka/message-publisher';
import type { Refused } from '@app/batches/outcome';
import { publishOutputs } from '@app/batches/publish-outputs';
import { Refusals } from '@app/servers/refusals';
import { DatabaseRefusesAll } from '@app/batches/database-refuses-all';
import { failpoint } from '@app/failpoints/failpoint';
import { repeat } from '@app/service/repeated.job';
import { reasonOf } from '@app/servers/reason-of';
import { verdictOf } from '@app/warehouse/sqlstate';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { Dictionary } from '../dictionary/dictionary';
import { Enricher } from '../dictionary/enricher';
import {
  givenUpOrders,
  PARKED_ORDERS,
  postponeOrders,
  releasedOrders,
  releaseOrders,
  removeParked,
  stillParked,
  workOnParked,
  type GivenUpOrder,
  type ParkedMessage,
} from '../staging/parked-orders';
import { readOrder, type ReadOrder } from '../order/read-order';
import { StgEnvironment } from '../environment/stg.environment';
import { storeEntries, usedOf } from '../dictionary/store-entries';
import type { OrderVersion } from '../staging/version-columns';

/** A parked order that becomes a dead letter. */
interface RefusedMessage {
  received: ParkedMessage;
  refused: Refused;
}

/**
 * Tries parked orders again. In two steps, so that a version is enriched once whatever crashes: the entries are stored
 * with the version and its row is marked as released; then what is marked is published, and leaves when the broker has
 * acknowledged it. One replica at a time does either.
 */
@Injectable()
export class ParkedOrdersJob {
  private readonly logger = new Logger('parked orders');

  constructor(
    private readonly dictionary: Dictionary,
    private readonly enricher: Enricher,
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: StgEnvironment,
    private readonly refusals: Refusals,
  ) {
    repeat('parked orders', (progress) => this.step(progress));
  }

  private async step(progress: () => void): Promise<boolean> {
    const { areGivenUp, areReleased, due } = await this.warehouse.poll(workOnParked);
    const givenUp = areGivenUp && (await this.giveUp());
    const released = due.length > 0 && (await this.release(due, progress));
    const published = (areReleased || released) && (await this.publish());
    return givenUp || released || published;
  }

  private async giveUp(): Promise<boolean> {
    return this.warehouse.alone(PARKED_ORDERS, async (client) => {
      const orders = await givenUpOrders(client);
      await this.refuse(
        client,
        orders.map((order) => ({ received: order, refused: givenUpRefusal(order) })),
      );
      return orders.length > 0;
    });
  }

  /**
   * An order that PostgreSQL refuses is found by halving, as in a batch; and where it refuses all, they wait as batches
   * do.
   */
  private async release(due: OrderVersion[], progress: () => void): Promise<boolean> {
    progress();
    try {
      let hasReleased = false;
      const done = await this.warehouse.alone(PARKED_ORDERS, async (client) => {
        hasReleased = await this.tryAgain(client, await stillParked(client, due));
        return true;
      });
      if (hasReleased) {
        FAILPOINTS && failpoint('parked_after_release');
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
      return await this.warehouse.alone(PARKED_ORDERS, async (client) => {
        for (const parked of await stillParked(client, due)) {
          await this.condemn(client, parked, error as pg.DatabaseError);
        }
        return true;
      });
    }
  }

  private async condemn(client: Client, parked: ParkedMessage, error: pg.DatabaseError): Promise<void> {
    if (this.refusals.areTooMany(error.code!, [parked.record.value])) {
      this.logger.error(`waiting: ${new DatabaseRefusesAll(reasonOf(error)).message}`);
      await postponeOrders(client, [{ received: parked, missing: null }]);
    } else {
      const refused: Refused = { kind: 'refused', reason: 'database_refused', message: error.message };
      await this.refuse(client, [{ received: parked, refused }]);
    }
  }

  /** @returns whether any is released */
  private async tryAgain(client: Client, parked: ParkedMessage[]): Promise<boolean> {
    const { read, refused } = readAgain(parked);
    const { enriched, unstored } = await this.enricher.enrich(read);
    const complete = enriched.filter((order) => order.kind === 'complete');
    await this.refuse(client, [...refused, ...enriched.filter((order) => order.kind === 'too_large')]);
    await releaseOrders(client, complete);
    await storeEntries(client, usedOf(unstored, complete));
    await postponeOrders(
      client,
      enriched.filter((order) => order.kind === 'incomplete'),
    );
    return complete.length > 0;
  }

  /** What the broker has acknowledged leaves, also where the rest has to be sent again. */
  private async publish(): Promise<boolean> {
    let failure: unknown;
    const published = await this.warehouse.alone(PARKED_ORDERS, async (client) => {
      const released = await releasedOrders(client);
      const { read, refused } = readAgain(released);
      const sendable = await this.enricher.recall(read);
      const complete = sendable.filter((order) => order.kind === 'complete');
      // The limit of the topic may have been lowered since the order was released.
      await this.refuse(client, [...refused, ...sendable.filter((order) => order.kind === 'too_large')]);
      const outputs = new Map(complete.map(({ output, received }) => [output, received]));
      const records = new Map(complete.map(({ output, received }) => [output, received.record]));
      const sent = await publishOutputs(this.publisher, this.environment, 'stg', records);
      FAILPOINTS && sent.done.length > 0 && failpoint('parked_after_publish');
      await removeParked(
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

  private async refuse(client: Client, orders: RefusedMessage[]): Promise<void> {
    const letters = orders.map(({ received, refused }) => deadLetter(received.record, refused, 'stg'));
    await this.publisher.publish(new Delivery(this.environment.DEAD_LETTER_TOPIC, letters));
    await removeParked(
      client,
      orders.map(({ received }) => received),
    );
    orders.forEach(({ received, refused }) => reportDeadLetter(this.logger, received.record, refused.reason));
  }
}

function givenUpRefusal({ missing, by }: GivenUpOrder): Refused {
  const entries = missing.map(({ kind, id, restaurant_id: restaurant }) =>
    restaurant ? `${kind}:${id} (restaurant ${restaurant})` : `${kind}:${id}`,
  );
  return {
    kind: 'refused',
    reason: 'no_dictionary',
    message: `${by} gave up waiting for ${entries.join(', ')}`,
  };
}

/**
 * A parked message was an order when it came; a later release of this service may refuse it all the same. One whose
 * user was forgotten has other bytes since, and is the version that it was.
 */
function readAgain<Parked extends ParkedMessage>(
  parked: Parked[],
): { read: (Parked & ReadOrder)[]; refused: RefusedMessage[] } {
  const read: (Parked & ReadOrder)[] = [];
  const refused: RefusedMessage[] = [];
  for (const message of parked) {
    const one = readOrder(message.record);
    if (one.kind === 'order') {
      read.push({ ...message, ...one, received: { ...one.received, version: message.version } });
    } else if (one.kind === 'refused') {
      refused.push({ received: message, refused: one });
    } else {
      throw new Error(`the parked order ${message.orderId} is no order any more`);
    }
  }
  return { read, refused };
}
