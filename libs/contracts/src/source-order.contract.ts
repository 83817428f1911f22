import {
  IsKey,
  IsMoney,
  IsOrderId,
  IsOrderStatus,
  IsOrderType,
  IsQuantity,
  IsSourceTime,
  IsText,
  type OrderStatus,
} from './contract-rules';
import type { ExactNumber } from '@app/values/exact-number';
import { Nested } from './validate';

export class SourceReference {
  @IsKey() id!: string;
}

export class SourceOrderItem {
  /** The product. It may be on several lines of one order. */
  @IsKey() id!: string;
  @IsText() name!: string;
  /** Of one portion. */
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
}

export class SourceOrderStatus {
  @IsOrderStatus() status!: OrderStatus;
  /** Since when. */
  @IsSourceTime() dttm!: string;
}

export class SourceOrderPayload {
  @Nested(() => SourceReference) restaurant!: SourceReference;
  /** When the order was made. */
  @IsSourceTime() date!: string;
  @Nested(() => SourceReference) user!: SourceReference;
  @Nested(() => SourceOrderItem, 'list') order_items!: SourceOrderItem[];
  @IsMoney() bonus_payment!: ExactNumber;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsMoney() bonus_grant!: ExactNumber;
  /** The history so far. Where it is empty, `final_status` at `update_ts` is the one status. */
  @Nested(() => SourceOrderStatus, 'list') statuses!: SourceOrderStatus[];
  /** The status now. Only CLOSED orders count in the marts. */
  @IsOrderStatus() final_status!: OrderStatus;
  /**
   * Since when the order is as in this version. The version with the greatest is the newest; among equal ones
   * `sent_dttm` decides.
   */
  @IsSourceTime() update_ts!: string;
}

/** `order-service_orders`: one version of one order, as the order service sends it. Times are without a zone. */
export class SourceOrder {
  /** The order. It may be above 2^53, where a JavaScript number is not exact. */
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  /** When the source sent it; may be days after `date`. */
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => SourceOrderPayload) payload!: SourceOrderPayload;
}
