import {
  IsByHashKey,
  IsHashKey,
  IsKey,
  IsMoney,
  IsOneOrder,
  IsOrderId,
  IsOrderStatus,
  IsOrderType,
  IsOrderVersion,
  IsQuantity,
  IsSourceTime,
  IsUnderListedCategories,
  type OrderStatus,
} from './contract.rules';
import type { ExactNumber } from './exact-number';
import { Nested } from './validate';

export class VaultRestaurant {
  @IsHashKey() id!: string;
  @IsKey() name!: string;
  @IsSourceTime() valid_from!: string;
}

export class VaultCategory {
  @IsKey() category_name!: string;
  @IsOneOrder() order_cnt!: 1;
}

export class VaultLine {
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
}

export class VaultProduct {
  @IsKey() product_name!: string;
  @IsOneOrder() order_cnt!: 1;
  @IsSourceTime() valid_from!: string;
  @IsHashKey() category_id!: string;
  @Nested(() => VaultLine, 'list') lines!: VaultLine[];
}

export class VaultOrderPayload {
  @IsHashKey() order_id!: string;
  @IsOrderVersion() order_version!: string;
  @IsOrderStatus() status!: OrderStatus;
  @IsSourceTime() date!: string;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsHashKey() user_id!: string;
  @IsKey() source_user_id!: string;
  @Nested(() => VaultRestaurant) restaurant!: VaultRestaurant;
  /** By hash key. */
  @IsByHashKey()
  @Nested(() => VaultCategory, 'record')
  categories!: Map<string, VaultCategory>;
  /** By hash key. */
  @IsByHashKey()
  @IsUnderListedCategories()
  @Nested(() => VaultProduct, 'record')
  products!: Map<string, VaultProduct>;
}

/** `dds-service-orders`, keyed by the user's hash key: one order version as the vault holds it; ids are hash keys. */
export class VaultOrder {
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => VaultOrderPayload) payload!: VaultOrderPayload;
}
