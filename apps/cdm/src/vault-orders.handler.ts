import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { KafkaRecord, Outcome, Refused } from '@app/batches/outcome';
import { Positions } from '@app/batches/positions';
import { RawErrors } from '@app/batches/raw-errors.filter';
import { VAULT_ORDERS } from '@app/contracts/topics';
import { NewestVersion } from '@app/service/newest-version';
import { latestLocalTime } from '@app/values/local-time';
import { together } from '@app/warehouse/together';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from './environment/cdm.environment';
import { joinBatches } from './ledger/batches-in-hand';
import { markCounted } from './ledger/mark-counted';
import { newestVersions } from './ledger/newest-versions';
import { lockUsers, readLedger, writeLedger } from './ledger/order-ledger';
import { readVaultOrder, type IncomingOrder } from './ledger/read-vault-order';
import { changeMarts } from './marts/change-marts';
import { countOrdersOfUsers } from './marts/count-orders-of-users';
import { dimensions } from './marts/dimensions';
import { BatchNames, KnownNames } from './marts/known-names';
import { keepNames } from './marts/newest-names';
import { Clock } from './tags/clock';
import { judgeNames } from './tags/judge-names';
import { updateTags } from './tags/update-tags';

/** `dds-service-orders` → ledger, names, tags, counters and the marts of the dashboard in `cdm`. */
@Controller()
@UseFilters(RawErrors)
export class VaultOrdersHandler {
  private readonly knownNames = new KnownNames();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly positions: Positions,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
    private readonly newest: NewestVersion,
  ) {
    warehouse.onOtherDatabase(() => this.knownNames.forget());
  }

  @EventPattern(VAULT_ORDERS)
  async handle(@Payload() records: KafkaRecord[]): Promise<Outcome[]> {
    const { read, names } = this.readAll(records);
    const orders = read.filter((order) => order.kind === 'order');
    const now = latestLocalTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
    try {
      await this.keepNames(names);
      const refused = await this.positions.transaction(records, (client) =>
        fillMarts(client, orders, names.categories, now, records[0]!.partition),
      );
      this.newest.see(orders.filter((order) => !refused.has(order)));
      return read.map((order) =>
        order.kind === 'refused' ? order : (refused.get(order) ?? { kind: 'processed' }),
      );
    } catch (error) {
      this.knownNames.forget();
      throw error;
    }
  }

  private readAll(records: KafkaRecord[]): { read: (IncomingOrder | Refused)[]; names: BatchNames } {
    const names = new BatchNames(this.knownNames);
    const read = records.map((record) => {
      const one = readVaultOrder(record);
      if (one.kind === 'refused') {
        return one;
      }
      names.add(one.names);
      return one.order;
    });
    return { read, names };
  }

  /**
   * Names, which many orders share, have a short transaction of their own, so that batches with the same new product do
   * not wait for each other's orders. They are true whatever becomes of the order that brought them.
   */
  private async keepNames({ products, restaurants }: BatchNames): Promise<void> {
    if (products.length + restaurants.length > 0) {
      await this.warehouse.transaction(async (client) => {
        const [, kept] = await together(joinBatches(client), keepNames(client, dimensions.product, products));
        await judgeNames(client, kept);
        await keepNames(client, dimensions.restaurant, restaurants);
      });
      this.knownNames.remember([...products, ...restaurants]);
    }
  }
}

/** The users are held before the ledger is read, so what is read stays true until the end. */
async function fillMarts(
  client: Client,
  orders: IncomingOrder[],
  categoryNames: ReadonlyMap<string, string>,
  now: string,
  partition: number,
): Promise<Map<IncomingOrder, Refused>> {
  if (orders.length === 0) {
    return new Map();
  }
  const [, newUsers, ledger] = await together(
    joinBatches(client),
    lockUsers(client, orders),
    readLedger(client, [...new Set(orders.map(({ orderKey }) => orderKey))]),
  );
  const { changes, refused } = newestVersions(orders, ledger);
  if (changes.length === 0) {
    return refused;
  }
  await together(
    writeLedger(
      client,
      changes.map(({ after }) => after),
    ),
    // Tags compare with how many orders their users had before the batch.
    updateTags(client, changes, newUsers, now).then(() => countOrdersOfUsers(client, changes)),
    changeMarts(client, changes, categoryNames),
    markCounted(client, partition),
  );
  return refused;
}
