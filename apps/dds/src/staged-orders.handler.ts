import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { decimalText } from '@app/values/exact-number';
import { encodeJson } from '@app/values/json-text';
import { STAGED_ORDERS } from '@app/contracts/topics';
import { MessagePublisher } from '@app/kafka/message-publisher';
import type { KafkaRecord, Outcome, Refused } from '@app/batches/outcome';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { RawErrors } from '@app/batches/raw-errors.filter';
import { NewestVersion, type SeenVersion } from '@app/service/newest-version';
import { Positions } from '@app/batches/positions';
import { Warehouse } from '@app/warehouse/warehouse';
import { DdsEnvironment } from './environment/dds.environment';
import { factsOf, textsOf, type Facts } from './facts/facts';
import { KnownFacts } from './facts/known-facts';
import { loadOrders, loadVault, type Owner } from './vault/load-vault';
import { readStagedOrder, type EnrichedOrder } from './order/read-staged-order';
import { vaultOrder } from './order/vault-order';
import { factRows, orderRows } from './vault/vault';

/** An order version, and the message that goes out for it once the vault has it. */
interface OutgoingOrder extends EnrichedOrder {
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

  /** A version that comes twice in a batch is sent once. */
  @EventPattern(STAGED_ORDERS)
  async handle(@Payload() records: KafkaRecord[]): Promise<Outcome[]> {
    const read = await Promise.all(records.map((record) => this.read(record)));
    const orders = read.filter((order) => order.kind === 'order');
    const refused = await this.load(records, orders);
    this.newest.see(orders.filter((order) => !refused.has(order)).map(versionOf));
    const sent = new Set<string>();
    return read.map((order): Outcome => {
      if (order.kind === 'refused') {
        return order;
      }
      const version = `${order.keys.order.text} ${order.staged.payload.order_version}`;
      const output = sent.has(version) ? undefined : order.output;
      sent.add(version);
      return refused.get(order) ?? { kind: 'processed', output };
    });
  }

  private async read(record: KafkaRecord): Promise<OutgoingOrder | Refused> {
    const order = readStagedOrder(record);
    if (order.kind === 'refused') {
      return order;
    }
    const value = Buffer.from(encodeJson(vaultOrder(order.staged, order.keys)));
    const output = { key: order.keys.user.text, value };
    if (await this.publisher.accepts(this.environment.OUTPUT_TOPIC, output)) {
      return { kind: order.kind, staged: order.staged, keys: order.keys, output };
    }
    const message = `with hash keys the order is larger than a message of ${this.environment.OUTPUT_TOPIC} may be`;
    return { kind: 'refused', reason: 'message_too_large', message };
  }

  private async load(records: KafkaRecord[], orders: OutgoingOrder[]): Promise<Map<EnrichedOrder, Refused>> {
    try {
      await this.loadFacts(factsOf(orders, (fact) => this.knownFacts.has(fact)));
      return await this.positions.transaction(records, async (client) => {
        const owners = await loadOrders(client, orders);
        const refused = withOtherOwner(orders, owners);
        await loadVault(client, orderRows(orders.filter((order) => !refused.has(order))));
        return refused;
      });
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
    const texts = textsOf(facts);
    if (texts.length > 0) {
      await this.warehouse.transaction((client) => loadVault(client, factRows(facts)));
      this.knownFacts.remember(texts);
    }
  }
}

function versionOf({ staged }: OutgoingOrder): SeenVersion {
  return { orderId: decimalText(staged.object_id)!, version: staged.payload.order_version };
}

/** The versions that name another user or restaurant than the version that came first, in the vault or in the batch. */
function withOtherOwner(orders: OutgoingOrder[], owners: Map<string, Owner>): Map<EnrichedOrder, Refused> {
  const refused = new Map<EnrichedOrder, Refused>();
  for (const order of orders) {
    const { keys, staged } = order;
    const [key, user, restaurant] = [keys.order.text, keys.user.text, keys.restaurant.text];
    const owner = owners.get(key);
    if (!owner) {
      owners.set(key, { user, restaurant });
    } else if (owner.user !== user || owner.restaurant !== restaurant) {
      const field = owner.user !== user ? 'user' : 'restaurant';
      const message = `payload.${field}.id must stay as in the version that came first, got ${staged.payload[field].id}`;
      refused.set(order, { kind: 'refused', reason: 'order_owner_changed', message });
    }
  }
  return refused;
}
