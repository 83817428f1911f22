import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { reasonOf } from '@app/servers/reason-of';
import type { Warehouse } from '@app/warehouse/warehouse';
import { InvalidInput } from '../http/input.pipe';
import type { ComputingAnswer } from './dashboard.contract';
import type { Moment } from './moment';
import type { PastOrders } from './past-orders';
import { PAST_WAREHOUSE } from './past-warehouse';
import { readPast } from './read-past';

/** Orders of all moments that are kept together. */
const MOST_ORDERS = 1_500_000;
/** So long a question waits for its answer before it hears that it is being computed, in milliseconds. */
const PATIENCE_MS = 200;
/** A moment is not read any further when nobody has asked about it for so long. */
const ABANDONED_MS = 10_000;
/** A moment is kept for so long after the last question about it; what is known now, after it was read. */
const KEPT_MS = 600_000;
const NOW_MS = 60_000;

/** A moment that is being read, or waits for its turn. */
interface Reading {
  past: Promise<PastOrders>;
  /** From 0 to 1. */
  progress: number;
  askedAt: number;
}

/**
 * The orders of moments of the past in the memory of this process, for as long as questions are asked about them. They
 * are read from the vault, one moment at a time.
 */
@Injectable()
export class Past implements OnModuleDestroy {
  private readonly logger = new Logger('past');
  private readonly kept = new LRUCache<string, PastOrders>({
    maxSize: MOST_ORDERS,
    sizeCalculation: ({ size }) => Math.max(size, 1),
    ttl: KEPT_MS,
    ttlAutopurge: true,
  });
  /** Moments that have too many orders. */
  private readonly refused = new LRUCache<string, InvalidInput>({ max: 100, ttl: KEPT_MS });
  private readonly readings = new Map<string, Reading>();
  private isStopping = false;
  /** Ends when no moment is read or waits. */
  private inHand: Promise<unknown> = Promise.resolve();

  constructor(@Inject(PAST_WAREHOUSE) private readonly warehouse: Warehouse) {
    warehouse.onOtherDatabase(() => this.kept.clear());
  }

  /** @throws InvalidInput where there were too many orders at that moment */
  async at(moment: Moment): Promise<PastOrders | ComputingAnswer> {
    const key = JSON.stringify([moment.known_at, moment.true_at]);
    const kept = this.kept.get(key, { updateAgeOnGet: moment.known_at !== undefined });
    if (kept) {
      return kept;
    }
    const refused = this.refused.get(key);
    if (refused) {
      throw refused;
    }
    const reading = this.readings.get(key) ?? this.begin(key, moment);
    reading.askedAt = performance.now();
    const answer = await Promise.race([reading.past, pause(PATIENCE_MS)]);
    return answer ?? { computing: true, progress: reading.progress };
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await this.inHand;
  }

  private begin(key: string, moment: Moment): Reading {
    const reading: Reading = { past: Promise.resolve() as never, progress: 0, askedAt: performance.now() };
    reading.past = this.inHand
      .then(() => this.read(key, moment, reading))
      .finally(() => this.readings.delete(key));
    // Nobody may wait for it any more.
    this.inHand = reading.past.catch((error: unknown) =>
      this.logger.warn(`a moment could not be read: ${reasonOf(error)}`),
    );
    this.readings.set(key, reading);
    return reading;
  }

  private async read(key: string, moment: Moment, reading: Reading): Promise<PastOrders> {
    const begun = performance.now();
    this.goOn(reading);
    const past = await this.warehouse.snapshot((client) =>
      readPast(client, moment, (read, progress) => {
        this.goOn(reading);
        this.makeRoom(key, moment, read.size);
        reading.progress = progress;
      }),
    );
    this.kept.set(key, past, { ttl: moment.known_at === undefined ? NOW_MS : KEPT_MS });
    this.logger.log(
      `${past.size} orders of a moment are read, in ${Math.round(performance.now() - begun)} ms`,
    );
    return past;
  }

  /** @throws where nobody waits for it */
  private goOn({ askedAt }: Reading): void {
    if (this.isStopping) {
      throw new Error('the service stops');
    }
    if (performance.now() - askedAt > ABANDONED_MS) {
      throw new Error('nobody asks about it any more');
    }
  }

  /** The least recently used moments give way. */
  private makeRoom(key: string, { known_at, true_at }: Moment, orders: number): void {
    while (this.kept.size > 0 && this.kept.calculatedSize + orders > MOST_ORDERS) {
      this.kept.pop();
    }
    if (orders > MOST_ORDERS) {
      const [field, value] = known_at === undefined ? ['true_at', true_at] : ['known_at', known_at];
      const must = `must be a moment with at most ${MOST_ORDERS} orders, which is what fits into memory; report.*_at answer others`;
      const refusal = new InvalidInput([{ field, message: `${must}, got "${value}"` }]);
      this.refused.set(key, refusal);
      throw refusal;
    }
  }
}
