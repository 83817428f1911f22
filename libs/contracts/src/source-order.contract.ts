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
} from './contract.rules';
import type { ExactNumber } from './exact-number';
import { Nested } from './validate';

export class SourceReference {
  @IsKey() id!: string;
}

export class SourceOrderItem {
  @IsKey() id!: string;
  @IsText() name!: string;
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
}

export class SourceOrderStatus {
  @IsOrderStatus() status!: OrderStatus;
  @IsSourceTime() dttm!: string;
}

export class SourceOrderPayload {
  @Nested(() => SourceReference) restaurant!: SourceReference;
  @IsSourceTime() date!: string;
  @Nested(() => SourceReference) user!: SourceReference;
  @Nested(() => SourceOrderItem, 'list') order_items!: SourceOrderItem[];
  @IsMoney() bonus_payment!: ExactNumber;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsMoney() bonus_grant!: ExactNumber;
  @Nested(() => SourceOrderStatus, 'list') statuses!: SourceOrderStatus[];
  @IsOrderStatus() final_status!: OrderStatus;
  @IsSourceTime() update_ts!: string;
}

/** `order-service_orders`: one version of one order, as the order service sends it. Times are without a zone. */
export class SourceOrder {
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => SourceOrderPayload) payload!: SourceOrderPayload;
}
