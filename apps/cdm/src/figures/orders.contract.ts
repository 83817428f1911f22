import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { languages, type Language } from '@app/spreadsheets/sheet';
import type { ExactNumber } from '@app/values/exact-number';
import { FromQuery, IsLine, IsOneOf, IsOrderCursor, IsWhole, MayMiss } from '../http/input-rules';
import { FilterQuery, Named } from './dashboard.contract';

export const statuses = ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'] as const;

/** Which orders are behind a figure. */
export class OrdersFilter extends FilterQuery {
  @ApiPropertyOptional({
    description: 'Orders with this product: its source id or hash key',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  product_id?: string;

  @ApiPropertyOptional({ enum: statuses, description: 'Orders of this status; left out: of any' })
  @MayMiss()
  @IsOneOf(...statuses)
  status?: (typeof statuses)[number];
}

export class OrdersQuery extends OrdersFilter {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 50 })
  @FromQuery()
  @IsWhole(1, 1_000)
  limit = 50;

  @ApiPropertyOptional({ description: 'The value of `next` of the page before' })
  @MayMiss()
  @IsOrderCursor()
  cursor?: string;

  @ApiPropertyOptional({ enum: languages, description: 'For which spreadsheet program a file is' })
  @MayMiss()
  @IsOneOf(...languages)
  language?: Language;
}

export class ListedOrder {
  @ApiProperty({ description: 'Id of the order at the source', type: 'integer' })
  order_id!: ExactNumber;

  @ApiProperty({ description: 'When the order was made, as a time of the source' })
  ordered_at!: string;

  @ApiProperty({ type: Named })
  restaurant!: Named;

  @ApiProperty({ enum: statuses })
  status!: string;

  @ApiProperty({ description: 'Cost of the order', type: Number })
  cost!: ExactNumber;

  @ApiProperty({ description: 'What was paid for it', type: Number })
  payment!: ExactNumber;
}

export class OrderSums {
  @ApiProperty({ description: 'Orders, whatever their status', type: 'integer' })
  orders!: number;

  @ApiProperty({ description: 'CLOSED orders', type: 'integer' })
  closed_orders!: number;

  @ApiProperty({ description: 'What was paid for CLOSED orders', type: Number })
  revenue!: ExactNumber;
}

export class OrdersPage {
  @ApiProperty({ type: OrderSums, nullable: true, description: 'Of all pages; only on the first' })
  sums!: OrderSums | null;

  @ApiProperty({ type: [ListedOrder], description: 'The newest first' })
  orders!: ListedOrder[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The cursor of the next page; null: this is the last one',
  })
  next!: string | null;
}
