import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { encodeJson } from '@app/values/json-text';
import { STAGED_ORDERS } from '@app/contracts/topics';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { messageBytes } from '@app/kafka/record-batch';
import type { KafkaRecord, Outcome, Refused } from '@app/batches/outcome';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { hashOfKey } from '@app/data-vault/user-place';
import { RawErrors } from '@app/batches/raw-errors.filter';
import { NewestVersion } from '@app/service/newest-version';
import { Positions } from '@app/batches/positions';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { DdsEnvironment } from './environment/dds.environment';
import { Facts } from './facts/facts';
import { KnownFacts } from './facts/known-facts';
import { loadOrders, loadVault, type Owner } from './vault/load-vault';
import { readStagedOrder, type EnrichedOrder } from './order/read-staged-order';
import { vaultOrder } from './order/vault-order';
import { factRows, OrderRows } from './vault/vault';

/** What is kept of an order version while its batch is loaded: its rows are written already. */
interface LoadedOrder {
  kind: 'order';
  record: KafkaRecord;
  orderId: string;
  version: string;
  /** Hash keys. */
  order: string;
  owner: Owner;
  /** As the source calls them. */
  sourceOwner: Owner;
  /** The message that goes out for it once the vault has it. */
  output: OutgoingMessage;
}

/** `stg-service-orders` → Data Vault in `dds` → `dds-service-orders`. */
@Controller()
@UseFilters(RawErrors)
export class StagedOrdersHandler {
  private readonly knownFacts = new KnownFacts();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: DdsEnvironment,
    private readonly newest: NewestVersion,
    private readonly positions: Positions,
  ) {
    warehouse.onOtherDatabase(() => this.knownFacts.forget());
  }

  /**
   * Each version becomes rows and an output before the next is read, so that a batch is columns and not objects. A
   * version that comes twice in a batch is sent once.
   */
  @EventPattern(STAGED_ORDERS)
  async handle(@Payload() records: KafkaRecord[]): Promise<Outcome[]> {
    const { read, rows, facts } = await this.publisher.byRoom(
      this.environment.OUTPUT_TOPIC,
      (room) => this.readAll(records, room),
      (all) => all.read.some((order) => order.kind === 'refused' && order.reason === 'message_too_large'),
    );
    const orders = read.filter((order) => order.kind === 'order');
    const refused = await this.load(records, orders, rows, facts);
    this.newest.see(orders.filter((order) => !refused.has(order)));
    const sent = new Map<string, string[]>();
    return read.map((order): Outcome => {
      if (order.kind === 'refused') {
        return order;
      }
      const versions = sent.get(order.order) ?? [];
      const output = versions.includes(order.version) ? undefined : order.output;
      sent.set(order.order, [...versions, order.version]);
      return refused.get(order) ?? { kind: 'processed', output };
    });
  }

  private readAll(records: KafkaRecord[], room: number) {
    const rows = new OrderRows();
    const facts = new Facts(this.knownFacts);
    return { read: records.map((record) => this.read(record, room, rows, facts)), rows, facts };
  }

  private read(record: KafkaRecord, room: number, rows: OrderRows, facts: Facts): LoadedOrder | Refused {
    const order = readStagedOrder(record);
    if (order.kind === 'refused') {
      return order;
    }
    const { staged, keys } = order;
    const value = Buffer.from(encodeJson(vaultOrder(staged, keys)));
    const { text: key, digest } = keys.user;
    const output = { key, hash: () => hashOfKey(digest), value };
    if (messageBytes(output) > room) {
      const message = `with hash keys the order is larger than a message of ${this.environment.OUTPUT_TOPIC} may be`;
      return { kind: 'refused', reason: 'message_too_large', message };
    }
    rows.add(order);
    facts.add(order);
    const { payload } = staged;
    return {
      kind: 'order',
      record,
      orderId: keys.orderId,
      version: payload.order_version,
      order: keys.order.text,
      owner: { user: keys.user.text, restaurant: keys.restaurant.text },
      sourceOwner: { user: payload.user.id, restaurant: payload.restaurant.id },
      output,
    };
  }

  private async load(
    records: KafkaRecord[],
    orders: LoadedOrder[],
    rows: OrderRows,
    facts: Facts,
  ): Promise<Map<LoadedOrder, Refused>> {
    try {
      await this.loadFacts(facts);
      const refused = await this.positions.transaction(records, (client) => loadRows(client, orders, rows));
      rows.giveBack();
      return refused;
    } catch (error) {
      this.knownFacts.forget();
      throw error;
    }
  }

  /**
   * The facts, which are what the dictionary said and many orders share, have a short transaction of their own, so that
   * batches with the same new product do not wait for each other's orders. They are true whatever becomes of the order
   * that brought them.
   */
  private async loadFacts(facts: Facts): Promise<void> {
    if (facts.size > 0) {
      await this.warehouse.transaction((client) => loadVault(client, factRows(facts)));
      this.knownFacts.remember(facts);
    }
  }
}

/** The rows of the orders without those of others that were read with them, which is seldom needed. */
function rowsAgain(orders: LoadedOrder[]): OrderRows {
  const rows = new OrderRows();
  for (const { record } of orders) {
    rows.add(readStagedOrder(record) as EnrichedOrder);
  }
  return rows;
}

/** Loads the rows of all versions that are not refused. @returns those that are */
async function loadRows(
  client: Client,
  orders: LoadedOrder[],
  rows: OrderRows,
): Promise<Map<LoadedOrder, Refused>> {
  const owners = await loadOrders(
    client,
    rows.hub,
    orders.map(({ order }) => order),
  );
  const refused = withOtherOwner(orders, owners);
  const { rest } = refused.size === 0 ? rows : rowsAgain(orders.filter((order) => !refused.has(order)));
  await loadVault(client, rest);
  return refused;
}

/** The versions that name another user or restaurant than the version that came first, in the vault or in the batch. */
function withOtherOwner(orders: LoadedOrder[], owners: Map<string, Owner>): Map<LoadedOrder, Refused> {
  const refused = new Map<LoadedOrder, Refused>();
  for (const version of orders) {
    const { order, owner, sourceOwner } = version;
    const first = owners.get(order);
    if (!first) {
      owners.set(order, owner);
    } else if (first.user !== owner.user || first.restaurant !== owner.restaurant) {
      const field = first.user !== owner.user ? 'user' : 'restaurant';
      const message = `payload.${field}.id must stay as in the version that came first, got ${sourceOwner[field]}`;
      refused.set(version, { kind: 'refused', reason: 'order_owner_changed', message });
    }
  }
  return refused;
}
