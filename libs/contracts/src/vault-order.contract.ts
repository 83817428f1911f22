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
} from './contract-rules';
import type { ExactNumber } from '@app/values/exact-number';
import { Nested } from './validate';

export class VaultRestaurant {
  @IsHashKey() id!: string;
  @IsKey() name!: string;
  /** Time of the dictionary entry that has the name. */
  @IsSourceTime() valid_from!: string;
}

export class VaultCategory {
  @IsKey() category_name!: string;
  /** What this order counts for the category, however many lines it has. */
  @IsOneOrder() order_cnt!: 1;
}

export class VaultLine {
  /** Of one portion. */
  @IsMoney() price!: ExactNumber;
  @IsQuantity() quantity!: ExactNumber;
}

export class VaultProduct {
  @IsKey() product_name!: string;
  /** What this order counts for the product, however many lines it has. */
  @IsOneOrder() order_cnt!: 1;
  /** Time of the dictionary entry that has the name. */
  @IsSourceTime() valid_from!: string;
  @IsHashKey() category_id!: string;
  @Nested(() => VaultLine, 'list') lines!: VaultLine[];
}

export class VaultOrderPayload {
  @IsHashKey() order_id!: string;
  /** Of two versions of an order, the newer has the greater text. With `object_id` it identifies repeats. */
  @IsOrderVersion() order_version!: string;
  /** Only CLOSED orders count in the marts. */
  @IsOrderStatus() status!: OrderStatus;
  /** When the order was made. */
  @IsSourceTime() date!: string;
  @IsMoney() cost!: ExactNumber;
  @IsMoney() payment!: ExactNumber;
  @IsHashKey() user_id!: string;
  /** Id of the user at the source. */
  @IsKey() source_user_id!: string;
  @Nested(() => VaultRestaurant) restaurant!: VaultRestaurant;
  /** By hash key. */
  @IsByHashKey()
  @Nested(() => VaultCategory, 'record')
  categories!: Map<string, VaultCategory>;
  /** By hash key. The category of each is one of `categories`. */
  @IsByHashKey()
  @IsUnderListedCategories()
  @Nested(() => VaultProduct, 'record')
  products!: Map<string, VaultProduct>;
}

/** `dds-service-orders`, keyed by the user's hash key: one order version as the vault holds it; ids are hash keys. */
export class VaultOrder {
  /** Id of the order at the source. It may be above 2^53, where a JavaScript number is not exact. */
  @IsOrderId() object_id!: ExactNumber;
  @IsOrderType() object_type!: 'order';
  /** When the source sent this version. */
  @IsSourceTime() sent_dttm!: string;
  @Nested(() => VaultOrderPayload) payload!: VaultOrderPayload;
}
