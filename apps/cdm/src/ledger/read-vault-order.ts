import { MessageRefused } from '@app/contracts/dead-letter.contract';
import { decimalText } from '@app/values/exact-number';
import { parseMessage } from '@app/contracts/parse-message';
import { canonicalTime } from '@app/values/source-time';
import { validated } from '@app/contracts/validate';
import { VaultOrder, type VaultLine } from '@app/contracts/vault-order.contract';
import type { KafkaRecord, Refused } from '@app/batches/outcome';
import { moneyText, moneyUnits } from './money-units';

/** What the marts hold of an order: one row of cdm.order_versions. */
export interface LedgerOrder {
  orderKey: string;
  orderId: string;
  version: string;
  userId: string;
  restaurantId: string;
  status: string;
  orderDt: string;
  cost: string;
  payment: string;
  /** Each product once, in ascending order. */
  productIds: string[];
  /** The category of the product at the same place. */
  categoryIds: string[];
  /** How many of the product at the same place; none of an order that an older release wrote. */
  quantities: string[];
  /** Price times quantity of the product at the same place. */
  amounts: string[];
}

/** A name as the dictionary had it at a time. */
export interface DatedName {
  id: string;
  name: string;
  validFrom: string;
}

/** One order version on its way into the marts. */
export interface IncomingOrder extends LedgerOrder {
  kind: 'order';
  sourceUserId: string;
  restaurantName: DatedName;
  productNames: DatedName[];
  /** By hash key. */
  categoryNames: Map<string, string>;
}

export function readVaultOrder(record: KafkaRecord): IncomingOrder | Refused {
  try {
    const { object_id, payload } = validated(VaultOrder, parseMessage(record.value));
    const { restaurant } = payload;
    return {
      kind: 'order',
      orderKey: payload.order_id,
      orderId: decimalText(object_id)!,
      version: payload.order_version,
      userId: payload.user_id,
      sourceUserId: payload.source_user_id,
      restaurantId: restaurant.id,
      status: payload.status,
      orderDt: canonicalTime(payload.date)!,
      cost: decimalText(payload.cost)!,
      payment: decimalText(payload.payment)!,
      ...productsOf(payload.products),
      restaurantName: {
        id: restaurant.id,
        name: restaurant.name,
        validFrom: canonicalTime(restaurant.valid_from)!,
      },
      categoryNames: new Map(
        Array.from(payload.categories, ([id, { category_name }]) => [id, category_name]),
      ),
    };
  } catch (error) {
    if (error instanceof MessageRefused) {
      return { kind: 'refused', reason: error.reason, message: error.message };
    }
    throw error;
  }
}

type Products = Pick<IncomingOrder, 'productIds' | 'categoryIds' | 'quantities' | 'amounts' | 'productNames'>;

function productsOf(products: VaultOrder['payload']['products']): Products {
  const of: Products = { productIds: [], categoryIds: [], quantities: [], amounts: [], productNames: [] };
  for (const id of [...products.keys()].sort()) {
    const { category_id, lines, product_name: name, valid_from } = products.get(id)!;
    const { quantity, amount } = totalOf(lines);
    of.productIds.push(id);
    of.categoryIds.push(category_id);
    of.quantities.push(quantity);
    of.amounts.push(amount);
    of.productNames.push({ id, name, validFrom: canonicalTime(valid_from)! });
  }
  return of;
}

/** Exact: money has at most five decimals. */
function totalOf(lines: VaultLine[]): { quantity: string; amount: string } {
  let quantity = 0n;
  let amount = 0n;
  for (const line of lines) {
    const count = BigInt(decimalText(line.quantity)!);
    quantity += count;
    amount += count * moneyUnits(decimalText(line.price)!);
  }
  return { quantity: String(quantity), amount: moneyText(amount) };
}
