import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import pLimit from 'p-limit';
import { SOURCE_ORDERS } from '@app/contracts/topics';
import type { KafkaRecord, Outcome } from '@app/batches/outcome';
import { RawErrors } from '@app/batches/raw-errors.filter';
import { NewestVersion } from '@app/service/newest-version';
import { Positions } from '@app/batches/positions';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import { outcomesOf, repeatsAsOne } from './staging/batch-outcomes';
import type { DecidedOrder } from './staging/decide-versions';
import { Dictionary, type PresentEntry } from './dictionary/dictionary';
import { Enricher, type EnrichedOrder } from './dictionary/enricher';
import { readOrder, type Received } from './order/read-order';
import { recordSkipped } from './staging/record-skipped';
import { stageOrders } from './staging/stage-orders';
import { storeEntries, usedOf } from './dictionary/store-entries';

/** `order-service_orders` → `stg.order_events` → `stg-service-orders`. */
@Controller()
@UseFilters(RawErrors)
export class SourceOrdersHandler {
  /**
   * Versions of one order come in several partitions, so batches that are stored at the same time wait for each
   * other's orders. One of this process is; the next one is read and enriched meanwhile.
   */
  private readonly oneAtATime = pLimit(1);

  constructor(
    private readonly dictionary: Dictionary,
    private readonly enricher: Enricher,
    private readonly newest: NewestVersion,
    private readonly positions: Positions,
  ) {}

  /**
   * An order is received, enriched, stored and sent; one that lacks a name is stored and parked. The transaction also
   * notes how far the partition is stored. What is remembered of the dictionary is remembered after COMMIT. A version
   * that is stored already is sent with the entries that were stored with it, not with those of today.
   */
  @EventPattern(SOURCE_ORDERS)
  async handle(@Payload() records: KafkaRecord[]): Promise<Outcome[]> {
    try {
      const { read, enriched, unstored } = await this.enrich(records);
      const { staged, used } = await this.oneAtATime(() =>
        this.positions.transaction(records, (client) => store(client, read, enriched, unstored)),
      );
      this.dictionary.areStored(used);
      this.newest.see(staged.flatMap((order) => (order.kind === 'refused' ? [] : order.received)));
      const sendable = await this.enricher.recall(staged.filter((order) => order.kind === 'stored'));
      return outcomesOf(read, [...sendable, ...staged.filter((order) => order.kind !== 'stored')]);
    } catch (error) {
      this.dictionary.forget();
      throw error;
    }
  }

  /** What the orders say ends here: a batch that waits for PostgreSQL holds what came and what goes out, as bytes. */
  private async enrich(
    records: KafkaRecord[],
  ): Promise<{ read: Received[]; enriched: EnrichedOrder[]; unstored: PresentEntry[] }> {
    const read = repeatsAsOne(records.map(readOrder));
    const orders = [...new Set(read.filter((one) => one.kind === 'order'))];
    const { enriched, unstored } = await this.enricher.enrich(orders);
    return { read: read.map((one) => (one.kind === 'order' ? one.received : one)), enriched, unstored };
  }
}

/**
 * The entries last, since other replicas may wait for the same ones.
 * @param entries of the dictionary that are not stored yet; those that a stored version uses are stored with it
 */
async function store(
  client: Client,
  read: Received[],
  enriched: EnrichedOrder[],
  entries: PresentEntry[],
): Promise<{ staged: DecidedOrder[]; used: PresentEntry[] }> {
  const [, staged] = await together(recordSkipped(client, read), stageOrders(client, enriched));
  const stored = staged.filter((order) => order.kind === 'stored');
  const used = usedOf(entries, stored);
  await storeEntries(client, used);
  return { staged, used };
}
