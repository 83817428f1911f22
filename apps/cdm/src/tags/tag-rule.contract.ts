import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, ValidateNested } from 'class-validator';
import { HasOneOf, IsFlag, IsId, IsLine, IsWhole, MayMiss } from '../http/input-rules';

export const matchNames = ['category', 'product_id', 'product_pattern', 'restaurant_id'] as const;

export class RulePath {
  @ApiProperty({ description: 'Id of the rule', format: 'uuid' })
  @IsId()
  id!: string;
}

/** Which orders count: exactly one of the four. */
export class TagRuleMatch {
  @ApiPropertyOptional({ description: 'Orders with this category: its name or hash key', maxLength: 1_000 })
  @MayMiss()
  @IsLine(1_000)
  category?: string;

  @ApiPropertyOptional({ description: 'Orders with this product: its source id or hash key', maxLength: 200 })
  @MayMiss()
  @IsLine(200)
  product_id?: string;

  @ApiPropertyOptional({
    description: 'Orders with a product whose newest name contains this text, ignoring case, ё as е',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  product_pattern?: string;

  @ApiPropertyOptional({
    description: 'Orders at this restaurant: its source id or hash key',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  restaurant_id?: string;
}

/**
 * A rule as it is created or changed. Of a rule that was read before, what only the service sets may come back; it is
 * ignored.
 */
export class TagRuleInput {
  @ApiProperty({ description: 'The tag that the rule gives', maxLength: 200, example: 'pizza lover' })
  @IsLine(200)
  tag!: string;

  @ApiProperty({
    description: 'Which orders count: exactly one of the four',
    type: TagRuleMatch,
    minProperties: 1,
    maxProperties: 1,
    example: { product_pattern: 'пицц' },
  })
  @HasOneOf(...matchNames)
  @ValidateNested()
  @Type(() => TagRuleMatch)
  match!: TagRuleMatch;

  @ApiProperty({
    description: 'How many distinct CLOSED orders give the tag',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    example: 10,
  })
  @IsWhole(1, 1_000_000)
  min_orders!: number;

  @ApiPropertyOptional({
    description: 'Only orders of so many last days count; left out: ever',
    type: 'integer',
    minimum: 1,
    maximum: 36_500,
  })
  @MayMiss()
  @IsWhole(1, 36_500)
  window_days?: number;

  @ApiPropertyOptional({ description: 'Whether the rule is in force', default: true })
  @MayMiss()
  @IsFlag()
  enabled?: boolean;

  @ApiPropertyOptional({
    description:
      'With API_TOKEN: who created the rule; left out: api, or what it was before. A user of the API creates it with the own name',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  created_by?: string;

  @Allow()
  id?: unknown;

  @Allow()
  created_at?: unknown;

  @Allow()
  changed_by?: unknown;

  @Allow()
  changed_at?: unknown;

  @Allow()
  evaluation?: unknown;
}

export class TagRuleAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The tag that the rule gives' })
  tag!: string;

  @ApiProperty({ description: 'Which orders count: exactly one of the four', type: TagRuleMatch })
  match!: TagRuleMatch;

  @ApiProperty({ description: 'How many distinct CLOSED orders give the tag', type: 'integer' })
  min_orders!: number;

  @ApiPropertyOptional({ description: 'Only orders of so many last days count', type: 'integer' })
  window_days?: number;

  @ApiProperty({ description: 'Whether the rule is in force' })
  enabled!: boolean;

  @ApiProperty({ description: 'Who created the rule' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: Date;

  @ApiProperty({ description: 'Who changed the rule last' })
  changed_by!: string;

  @ApiProperty({ format: 'date-time' })
  changed_at!: Date;

  @ApiProperty({
    enum: ['pending', 'done'],
    description: 'Whether all users hold what the rule says, or are still being evaluated',
  })
  evaluation!: 'pending' | 'done';
}

/** A rule that is only tried. */
export class PreviewInput extends TagRuleInput {
  @ApiPropertyOptional({ description: 'The rule that this one would replace', format: 'uuid' })
  @MayMiss()
  @IsId()
  override id?: string;
}

export class PreviewUser {
  @ApiProperty({ description: 'Id of the user at the source' })
  source_user_id!: string;

  @ApiProperty({ description: 'Hash key of the user', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ description: 'His distinct CLOSED orders that count', type: 'integer' })
  order_cnt!: number;
}

export class PreviewAnswer {
  @ApiProperty({ description: 'All users that reach the rule', type: 'integer' })
  matching!: number;

  @ApiProperty({
    description: 'Those of them who would get the tag; none where the rule is not enabled',
    type: 'integer',
  })
  assigned!: number;

  @ApiProperty({
    description:
      'Users who would lose the tag of the rule with this id: neither this nor another rule gives it',
    type: 'integer',
  })
  revoked!: number;

  @ApiProperty({
    type: [PreviewUser],
    description:
      'At most 10 of the matching users: those without the tag first, then those with the most orders. None for a viewer',
  })
  sample!: PreviewUser[];
}
