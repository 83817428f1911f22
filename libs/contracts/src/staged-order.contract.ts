import {
  IsKey,
  IsMoney,
  IsOrderId,
  IsOrderStatus,
  IsOrderType,
  IsOrderVersion,
  IsQuantity,
  IsSourceTime,
  IsText,
  IsTextOrNull,
  type OrderStatus,
} from './contract.rules';
import type { ExactNumber } from './exact-number';
import { Nested } from './validate';

export class StagedRestaurant {
  @IsKey() id!: string;
  @IsKey() name!: string;
  /** Time of the dictionary entry that tells the name. */
  @IsSourceTime() valid_from!: string;
}

export class StagedUser {
  @IsKey() id!: string;
  @IsKey() name!: string;
  @IsTextOrNull() login!: string | null;
  /** Time of the dictionary entry that tells name and login. */
  @IsSourceTime() valid_from!: string;
}

/** One line of the order. */
export class StagedProduct {
  @IsKey() id!: string;
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
  /** Name in the menu. */
  @IsKey() name!: string;
  /** Name in the order. */
  @IsText() ordered_name!: string;
  @IsKey() category!: string;
  /** Time of the dictionary entry whose menu tells name and category. */
  @IsSourceTime() valid_from!: string;
}

export class StagedStatus {
  @IsOrderStatus() status!: OrderStatus;
  @IsSourceTime() dttm!: string;
}

export class StagedOrderPayload {
  @IsOrderId() id!: ExactNumber;
  @IsOrderVersion() order_version!: string;
  @IsSourceTime() date!: string;
  @IsSourceTime() update_ts!: string;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsMoney() bonus_payment!: ExactNumber;
  @IsMoney() bonus_grant!: ExactNumber;
  @IsOrderStatus() status!: OrderStatus;
  /** Never empty: an order without a history of statuses has its one status at `update_ts`. */
  @Nested(() => StagedStatus, 'list') statuses!: StagedStatus[];
  @Nested(() => StagedRestaurant) restaurant!: StagedRestaurant;
  @Nested(() => StagedUser) user!: StagedUser;
  @Nested(() => StagedProduct, 'list') products!: StagedProduct[];
}

/** `stg-service-orders`, keyed by the user's source id: one order version with the names of the dictionary. */
export class StagedOrder {
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => StagedOrderPayload) payload!: StagedOrderPayload;
}
