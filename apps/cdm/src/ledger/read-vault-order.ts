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

/** The names that an order brings: few of them are new, so they are kept no longer than it takes to look. */
export interface OrderNames {
  restaurant: DatedName;
  products: DatedName[];
  categories: { id: string; name: string }[];
}

/** One order version on its way into the marts. */
export interface IncomingOrder extends LedgerOrder {
  kind: 'order';
  sourceUserId: string;
}

export interface ReadOrder {
  kind: 'order';
  order: IncomingOrder;
  names: OrderNames;
}

export function readVaultOrder(record: KafkaRecord): ReadOrder | Refused {
  try {
    const vaultOrder = validated(VaultOrder, parseMessage(record.value));
    return { kind: 'order', order: incomingOrder(vaultOrder), names: namesOf(vaultOrder) };
  } catch (error) {
    if (error instanceof MessageRefused) {
      return { kind: 'refused', reason: error.reason, message: error.message };
    }
    throw error;
  }
}

function incomingOrder({ object_id, payload }: VaultOrder): IncomingOrder {
  return {
    kind: 'order',
    orderKey: payload.order_id,
    orderId: decimalText(object_id)!,
    version: payload.order_version,
    userId: payload.user_id,
    sourceUserId: payload.source_user_id,
    restaurantId: payload.restaurant.id,
    status: payload.status,
    orderDt: canonicalTime(payload.date)!,
    cost: decimalText(payload.cost)!,
    payment: decimalText(payload.payment)!,
    ...productsOf(payload.products),
  };
}

function namesOf({ payload: { restaurant, products, categories } }: VaultOrder): OrderNames {
  return {
    restaurant: {
      id: restaurant.id,
      name: restaurant.name,
      validFrom: canonicalTime(restaurant.valid_from)!,
    },
    products: Array.from(products, ([id, { product_name: name, valid_from }]) => ({
      id,
      name,
      validFrom: canonicalTime(valid_from)!,
    })),
    categories: Array.from(categories, ([id, { category_name: name }]) => ({ id, name })),
  };
}

type Products = Pick<LedgerOrder, 'productIds' | 'categoryIds' | 'quantities' | 'amounts'>;

function productsOf(products: VaultOrder['payload']['products']): Products {
  const of: Products = { productIds: [], categoryIds: [], quantities: [], amounts: [] };
  for (const id of [...products.keys()].sort()) {
    const { category_id, lines } = products.get(id)!;
    const { quantity, amount } = totalOf(lines);
    of.productIds.push(id);
    of.categoryIds.push(category_id);
    of.quantities.push(quantity);
    of.amounts.push(amount);
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
