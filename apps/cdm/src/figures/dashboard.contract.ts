import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ExactNumber } from '@app/values/exact-number';
import {
  FromQuery,
  IsLine,
  IsOneOf,
  IsPastMoment,
  IsSourceTime,
  IsWhole,
  MayMiss,
} from '../http/input-rules';

export const steps = ['hour', 'day', 'week', 'month'] as const;
export type Step = (typeof steps)[number];
export const grains = ['orders', 'users'] as const;

/** Which orders a figure is about. A category takes, of each order, its lines of that category alone. */
export class FilterQuery {
  @ApiPropertyOptional({
    description: 'Orders at this restaurant: its source id or hash key',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  restaurant_id?: string;

  @ApiPropertyOptional({
    description: 'Orders with this category, and their lines of it: its name or hash key',
    maxLength: 1_000,
  })
  @MayMiss()
  @IsLine(1_000)
  category?: string;

  @ApiPropertyOptional({
    description: 'Orders made at this time or later: a day, or a time of the source',
    example: '2023-08-01',
  })
  @MayMiss()
  @IsSourceTime()
  from?: string;

  @ApiPropertyOptional({
    description: 'Orders made before this time: a day, or a time of the source',
    example: '2023-09-01',
  })
  @MayMiss()
  @IsSourceTime()
  to?: string;

  @ApiPropertyOptional({
    description: 'As it was known: without what was loaded after this moment. Left out: as it is known now',
    example: '2024-03-01T18:00:00+03:00',
  })
  @MayMiss()
  @IsPastMoment()
  known_at?: string;

  @ApiPropertyOptional({
    description:
      'As it was true: without what the source made after this time, a day or a time of the source. Left out: as it is now',
    example: '2024-03-01 18:00:00',
  })
  @MayMiss()
  @IsSourceTime()
  true_at?: string;
}

/** The answer is not there yet. The same question, a moment later, gets it. */
export class ComputingAnswer {
  @ApiProperty({ enum: [true] })
  computing!: true;

  @ApiProperty({ description: 'How much of it is done, from 0 to 1', minimum: 0, maximum: 1 })
  progress!: number;
}

export class PopularityQuery extends FilterQuery {
  @ApiPropertyOptional({
    enum: grains,
    default: 'orders',
    description: 'Counts CLOSED orders, or their users',
  })
  @IsOneOf(...grains)
  by: (typeof grains)[number] = 'orders';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 20 })
  @FromQuery()
  @IsWhole(1, 1_000)
  limit = 20;
}

export class TimelineQuery extends FilterQuery {
  @ApiPropertyOptional({ enum: steps, default: 'day', description: 'Weeks begin on Monday' })
  @IsOneOf(...steps)
  step: Step = 'day';
}

export class NamesQuery {
  @ApiPropertyOptional({
    description: 'Part of the newest name, ignoring case, ё as е',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  search?: string;

  @ApiPropertyOptional({
    description: 'At most so many, those with the most CLOSED orders; 20 where something is searched',
    type: 'integer',
    minimum: 1,
    maximum: 100,
  })
  @MayMiss()
  @FromQuery()
  @IsWhole(1, 100)
  limit?: number;
}

export class Named {
  @ApiProperty({ description: 'Hash key', format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;
}

export class PopularityAnswer extends Named {
  @ApiProperty({ description: 'Distinct CLOSED orders, or their users', type: 'integer' })
  value!: number;

  @ApiProperty({ description: 'Value divided by all CLOSED orders, or their users, under the same filters' })
  share!: number;
}

export class CategoryOfRestaurant extends Named {
  @ApiProperty({ description: 'Distinct CLOSED orders, or their users', type: 'integer' })
  value!: number;
}

export class RestaurantAnswer extends PopularityAnswer {
  @ApiProperty({ type: [CategoryOfRestaurant], description: 'Largest first' })
  categories!: CategoryOfRestaurant[];
}

export class SummaryAnswer {
  @ApiProperty({ description: 'Orders, whatever their status', type: 'integer' })
  orders!: number;

  @ApiProperty({ description: 'CLOSED orders', type: 'integer' })
  closed_orders!: number;

  @ApiProperty({
    description: 'CLOSED orders divided by all; null without orders',
    type: Number,
    nullable: true,
  })
  closed_share!: number | null;

  @ApiProperty({ description: 'Users of CLOSED orders', type: 'integer' })
  users!: number;

  @ApiProperty({ description: 'What was paid for CLOSED orders, at most 5 decimals', type: Number })
  revenue!: ExactNumber;

  @ApiProperty({
    description: 'Mean cost of a CLOSED order, rounded to 5 decimals; null without any',
    type: Number,
    nullable: true,
  })
  average_bill!: ExactNumber | null;

  @ApiProperty({
    description: 'When the newest order was made, as a time of the source',
    type: String,
    nullable: true,
  })
  newest_order_at!: string | null;

  @ApiProperty({
    description: 'When the newest orders in these figures were counted; null before any',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  as_of!: Date | null;
}

export class TimelineAnswer {
  @ApiProperty({ description: 'Begin of the step, as a time of the source', example: '2023-08-05 00:00:00' })
  start!: string;

  @ApiProperty({ description: 'Orders, whatever their status', type: 'integer' })
  orders!: number;

  @ApiProperty({ description: 'CLOSED orders', type: 'integer' })
  closed_orders!: number;

  @ApiProperty({ description: 'What was paid for CLOSED orders, at most 5 decimals', type: Number })
  revenue!: ExactNumber;
}

export class AudienceAnswer {
  @ApiProperty()
  tag!: string;

  @ApiProperty({ description: 'Users who hold the tag', type: 'integer' })
  users!: number;
}
