import type { Digest } from '@app/data-vault/hash-key';
import { VaultRows, type RowMaker } from '@app/data-vault/vault-rows';
import { categoryHub } from '../entities/h-category.entity';
import { orderHub } from '../entities/h-order.entity';
import { productHub } from '../entities/h-product.entity';
import { restaurantHub } from '../entities/h-restaurant.entity';
import { userHub } from '../entities/h-user.entity';
import { orderProduct } from '../entities/l-order-product.entity';
import { orderRestaurant } from '../entities/l-order-restaurant.entity';
import { orderUser } from '../entities/l-order-user.entity';
import { productCategory } from '../entities/l-product-category.entity';
import { productRestaurant } from '../entities/l-product-restaurant.entity';
import { orderCost } from '../entities/s-order-cost.entity';
import { orderDetails } from '../entities/s-order-details.entity';
import { orderLines } from '../entities/s-order-product.entity';
import { orderStatus } from '../entities/s-order-status.entity';
import { productCategorySince } from '../entities/s-product-category.entity';
import { productNames } from '../entities/s-product-names.entity';
import { restaurantNames } from '../entities/s-restaurant-names.entity';
import { userNames } from '../entities/s-user-names.entity';
import type { ProductFact, Facts, RestaurantFact, UserFact } from '../facts/facts';
import type { EnrichedOrder } from '../order/read-staged-order';

/*
 * The tables of the vault, by what their rows are made of, in the order in which they are loaded: parents before
 * children. All replicas keep to it, so that they wait for each other instead of deadlocking.
 */
export const ofUsers: RowMaker<UserFact>[] = [userHub, userNames];
export const ofRestaurants: RowMaker<RestaurantFact>[] = [restaurantHub, restaurantNames];
export const ofProducts: RowMaker<ProductFact>[] = [
  productHub,
  categoryHub,
  productRestaurant,
  productCategory,
  productNames,
  productCategorySince,
];
export const ofOrders: RowMaker<EnrichedOrder>[] = [
  orderUser,
  orderRestaurant,
  orderProduct,
  orderStatus,
  orderCost,
  orderDetails,
  orderLines,
];

/** Loaded before the other rows of orders, and alone: its answer says which orders are new. */
export const orderTable = orderHub.table;

/** All others. */
export const vaultTables = [...ofUsers, ...ofRestaurants, ...ofProducts, ...ofOrders].map(
  ({ table }) => table,
);

/**
 * The rows that order versions alone stand for, written while one version after the other is read; each row once. A row
 * that the vault has stays as it is. Which versions are together in a batch makes no difference to the rows.
 */
export class OrderRows {
  /** Those of `h_order`: of each order as in the version that came first, whichever is older. */
  readonly hub = new VaultRows();
  /** All others. */
  readonly rest = new VaultRows();

  add(order: EnrichedOrder): void {
    this.hub.add([order], [orderHub], userOfOrder);
    this.rest.add([order], ofOrders, userOfOrder);
  }

  /** To be called when they are durable. */
  giveBack(): void {
    this.hub.giveBack();
    this.rest.giveBack();
  }
}

function userOfOrder({ keys }: EnrichedOrder): Digest {
  return keys.user.digest;
}

/** The rows that facts of the dictionary stand for: hubs, links and satellites that many orders share. */
export function factRows({ users, restaurants, products }: Facts): VaultRows {
  return new VaultRows()
    .add(users, ofUsers, ({ key }) => key)
    .add(restaurants, ofRestaurants)
    .add(products, ofProducts);
}
