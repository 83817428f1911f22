import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { counted, type Counted } from './conditions';
import { LONGEST_VALUE, MOST_CONDITIONS, MOST_DAYS, MOST_VALUES } from './conditions-input';

const textOrTexts = (maxLength: number) => ({
  oneOf: [
    { type: 'string' as const, maxLength },
    {
      type: 'array' as const,
      items: { type: 'string' as const, maxLength },
      minItems: 1,
      maxItems: MOST_VALUES,
    },
  ],
});

const days = { type: 'integer', minimum: 1, maximum: MOST_DAYS } as const;

/** Which orders or lines are meant: exactly one of the four; of a list any value. */
export class TagConditionMatch {
  @ApiPropertyOptional({
    description: 'Dishes of this category: its name or hash key',
    ...textOrTexts(LONGEST_VALUE.category),
  })
  category?: string | string[];

  @ApiPropertyOptional({
    description: 'This product: its source id or hash key',
    ...textOrTexts(LONGEST_VALUE.product_id),
  })
  product_id?: string | string[];

  @ApiPropertyOptional({
    description: 'Products whose newest name contains this text, ignoring case, ё as е',
    ...textOrTexts(LONGEST_VALUE.product_pattern),
  })
  product_pattern?: string | string[];

  @ApiPropertyOptional({
    description: 'Orders at this restaurant: its source id or hash key',
    ...textOrTexts(LONGEST_VALUE.restaurant_id),
  })
  restaurant_id?: string | string[];
}

export class TagCondition {
  @ApiPropertyOptional({ description: 'Whether the condition is to be false', default: false })
  not?: boolean;

  @ApiProperty({
    description:
      'Over CLOSED orders: how many match; the quantity of their matching lines; their money, or what was paid for the whole order where ' +
      'none or a restaurant is named; whole days since the newest one; or when the first order of any kind was made',
    enum: counted,
  })
  count!: Counted;

  @ApiPropertyOptional({ description: 'Left out: any order', type: TagConditionMatch })
  match?: TagConditionMatch;

  @ApiPropertyOptional({ description: 'The number is at least this; whole, except for money', minimum: 0 })
  at_least?: number;

  @ApiPropertyOptional({ description: 'The number is at most this; whole, except for money', minimum: 0 })
  at_most?: number;

  @ApiPropertyOptional({ description: 'Orders of so many last days', ...days })
  last_days?: number;

  @ApiPropertyOptional({ description: 'Orders from this day on', format: 'date' })
  from?: string;

  @ApiPropertyOptional({ description: 'Orders before this day', format: 'date' })
  to?: string;
}

const members = (...of: (abstract new () => object)[]) => ({
  type: 'array' as const,
  minItems: 1,
  maxItems: MOST_CONDITIONS,
  items: { oneOf: of.map((one) => ({ $ref: getSchemaPath(one) })) },
});

/** Conditions joined by one of the two. */
@ApiExtraModels(TagCondition)
export class TagConditionGroup {
  @ApiPropertyOptional({ description: 'All hold', ...members(TagCondition) })
  all_of?: TagCondition[];

  @ApiPropertyOptional({ description: 'Any of them holds', ...members(TagCondition) })
  any_of?: TagCondition[];
}

/** Conditions and groups of them, joined by one of the two. */
@ApiExtraModels(TagCondition, TagConditionGroup)
export class TagConditions {
  @ApiPropertyOptional({ description: 'All hold', ...members(TagCondition, TagConditionGroup) })
  all_of?: (TagCondition | TagConditionGroup)[];

  @ApiPropertyOptional({ description: 'Any of them holds', ...members(TagCondition, TagConditionGroup) })
  any_of?: (TagCondition | TagConditionGroup)[];
}
