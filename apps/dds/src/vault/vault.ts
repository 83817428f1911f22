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
const ofUsers: RowMaker<UserFact>[] = [userHub, userNames];
const ofRestaurants: RowMaker<RestaurantFact>[] = [restaurantHub, restaurantNames];
const ofProducts: RowMaker<ProductFact>[] = [
  productHub,
  categoryHub,
  productRestaurant,
  productCategory,
  productNames,
  productCategorySince,
];
const ofOrders: RowMaker<EnrichedOrder>[] = [
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

/** The rows of `h_order`: of each order as in the version that came first, whichever is older. */
export function orderHubRows(orders: EnrichedOrder[]): VaultRows {
  return new VaultRows().add(orders, [orderHub]);
}

/**
 * The rows of the vault that order versions alone stand for, all but those of `h_order`; each row once. A row that is
 * there already stays as it is. Which versions are together in a batch makes no difference to the rows.
 */
export function orderRows(orders: EnrichedOrder[]): VaultRows {
  return new VaultRows().add(orders, ofOrders);
}

/** The rows that facts of the dictionary stand for: hubs, links and satellites that many orders share. */
export function factRows({ users, restaurants, products }: Facts): VaultRows {
  return new VaultRows().add(users, ofUsers).add(restaurants, ofRestaurants).add(products, ofProducts);
}
