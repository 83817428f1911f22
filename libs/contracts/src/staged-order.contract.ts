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
} from './contract-rules';
import type { ExactNumber } from '@app/values/exact-number';
import { Nested } from './validate';

export class StagedRestaurant {
  @IsKey() id!: string;
  @IsKey() name!: string;
  /** Time of the dictionary entry that has the name. */
  @IsSourceTime() valid_from!: string;
}

export class StagedUser {
  @IsKey() id!: string;
  @IsKey() name!: string;
  /** Null where the dictionary has none. */
  @IsTextOrNull() login!: string | null;
  /** Time of the dictionary entry that has name and login. */
  @IsSourceTime() valid_from!: string;
}

/** One line of the order. */
export class StagedProduct {
  @IsKey() id!: string;
  /** Of one portion, as ordered. */
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
  /** Name in the menu. */
  @IsKey() name!: string;
  /** Name in the order. */
  @IsText() ordered_name!: string;
  /** Category in the menu. */
  @IsKey() category!: string;
  /** Time of the dictionary entry whose menu has name and category. */
  @IsSourceTime() valid_from!: string;
}

export class StagedStatus {
  @IsOrderStatus() status!: OrderStatus;
  /** Since when. */
  @IsSourceTime() dttm!: string;
}

export class StagedOrderPayload {
  /** The same as `object_id`. */
  @IsOrderId() id!: ExactNumber;
  /** Of two versions of an order, the newer has the greater text. With `object_id` it identifies repeats. */
  @IsOrderVersion() order_version!: string;
  /** When the order was made. */
  @IsSourceTime() date!: string;
  /** When the order became as this version says. */
  @IsSourceTime() update_ts!: string;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsMoney() bonus_payment!: ExactNumber;
  @IsMoney() bonus_grant!: ExactNumber;
  /** The status of this version: `final_status` at the source. */
  @IsOrderStatus() status!: OrderStatus;
  /** Never empty: an order without a history of statuses has its one status at `update_ts`. */
  @Nested(() => StagedStatus, 'list') statuses!: StagedStatus[];
  @Nested(() => StagedRestaurant) restaurant!: StagedRestaurant;
  @Nested(() => StagedUser) user!: StagedUser;
  @Nested(() => StagedProduct, 'list') products!: StagedProduct[];
}

/** `stg-service-orders`, keyed by the user's source id: one order version with the names of the dictionary. */
export class StagedOrder {
  /** The order. It may be above 2^53, where a JavaScript number is not exact. */
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  /** When the source sent this version. */
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => StagedOrderPayload) payload!: StagedOrderPayload;
}
