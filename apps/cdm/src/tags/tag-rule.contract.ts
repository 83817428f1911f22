import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import {
  AgreesWith,
  HasNoFaults,
  HasOneOf,
  IsFlag,
  IsId,
  IsLine,
  IsWhole,
  MayMiss,
} from '../http/input-rules';
import {
  fromOldForm,
  listConditions,
  matchNames,
  toOldForm,
  type Conditions,
  type OldForm,
} from './conditions';
import { conditionErrors, readConditions } from './conditions-input';
import { TagConditions } from './conditions-schema';

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

/** A member of the old form: it must be there where there are no conditions. */
function WithoutConditions(): PropertyDecorator {
  return ValidateIf((input: TagRuleInput, value) => value !== undefined || input.conditions === undefined);
}

/** Where conditions are wrong, that is the error. */
function AgreesWithConditions(member: keyof OldForm): PropertyDecorator {
  return AgreesWith('conditions', (input) => {
    const { conditions, [member]: said } = input as TagRuleInput;
    const isComparable = conditions !== undefined && conditionErrors(conditions, '').length === 0;
    return !isComparable || JSON.stringify(toOldForm(conditions)?.[member]) === JSON.stringify(said);
  });
}

/**
 * A rule as it is created or changed. Of a rule that was read before, what only the service sets may come back; it is
 * ignored.
 */
export class TagRuleInput {
  @ApiProperty({ description: 'The tag that the rule gives', maxLength: 200, example: 'pizza lover' })
  @IsLine(200)
  tag!: string;

  @ApiPropertyOptional({ description: 'When a user gets the tag', type: TagConditions })
  @MayMiss()
  @HasNoFaults(conditionErrors)
  conditions?: Conditions;

  @ApiPropertyOptional({
    description:
      'In place of conditions, with min_orders: which orders count, exactly one of the four. Beside conditions it must say the same',
    type: TagRuleMatch,
    minProperties: 1,
    maxProperties: 1,
    example: { product_pattern: 'пицц' },
  })
  @WithoutConditions()
  @AgreesWithConditions('match')
  @HasOneOf(...matchNames)
  @ValidateNested()
  @Type(() => TagRuleMatch)
  match?: TagRuleMatch;

  @ApiPropertyOptional({
    description: 'With match: how many distinct CLOSED orders give the tag',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    example: 10,
  })
  @WithoutConditions()
  @AgreesWithConditions('min_orders')
  @IsWhole(1, 1_000_000)
  min_orders?: number;

  @ApiPropertyOptional({
    description: 'With match: only orders of so many last days count; left out: ever',
    type: 'integer',
    minimum: 1,
    maximum: 36_500,
  })
  @MayMiss()
  @AgreesWithConditions('window_days')
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

/** A rule as it was at a moment. */
export class PastRule {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The tag that the rule gives' })
  tag!: string;

  @ApiProperty({ description: 'When a user gets the tag', type: TagConditions })
  conditions!: Conditions;

  @ApiPropertyOptional({
    description:
      'With min_orders and window_days: the only condition, where it counts orders of one of the four, at least so many',
    type: TagRuleMatch,
  })
  match?: TagRuleMatch;

  @ApiPropertyOptional({ description: 'How many distinct CLOSED orders give the tag', type: 'integer' })
  min_orders?: number;

  @ApiPropertyOptional({ description: 'Only orders of so many last days count', type: 'integer' })
  window_days?: number;

  @ApiProperty({ description: 'Whether the rule is in force' })
  enabled!: boolean;

  @ApiProperty({ description: 'Who created the rule' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: Date;
}

export class TagRuleAnswer extends PastRule {
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

  @ApiPropertyOptional({
    description:
      'The path of a condition that counts orders, items, money or days: the answer has a histogram of users by its number',
    example: 'all_of.0',
  })
  @MayMiss()
  @IsPathOfCondition()
  histogram_of?: string;
}

/** What the rule says, in either form. */
export function conditionsOf({ conditions, match, min_orders, window_days }: TagRuleInput): Conditions {
  return readConditions(
    conditions ?? fromOldForm({ match: { ...match }, min_orders: min_orders!, window_days }),
  );
}

/** Where conditions are wrong, that is the error. */
function IsPathOfCondition(): PropertyDecorator {
  return ValidateBy({
    name: 'isPathOfCondition',
    validator: {
      validate: (path, args) => {
        const { conditions } = args!.object as PreviewInput;
        if (conditions === undefined || conditionErrors(conditions, '').length > 0) {
          return conditions !== undefined || path === 'all_of.0';
        }
        return listConditions(conditions).some(
          (one) => one.path === path && one.condition.count !== 'first_order',
        );
      },
      defaultMessage: () => 'must be the path of a condition that counts orders, items, money or days',
    },
  });
}

export class PreviewUser {
  @ApiProperty({ description: 'Id of the user at the source' })
  source_user_id!: string;

  @ApiProperty({ description: 'Hash key of the user', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'Distinct CLOSED orders that match the first condition that is not negated and counts',
    type: 'integer',
  })
  order_cnt!: number;
}

export class HistogramBar {
  @ApiProperty({ description: 'The least number of the bar', type: 'number' })
  from!: number;

  @ApiProperty({ description: 'The greatest; of money, the number before which it ends', type: 'number' })
  to!: number;

  @ApiProperty({ description: 'Users with such a number', type: 'integer' })
  users!: number;
}

export class Histogram {
  @ApiProperty({
    type: [HistogramBar],
    description: 'At most 40, in ascending order without gaps; the last one has all beyond it too',
  })
  bars!: HistogramBar[];
}

/** Of a preview, so many users are shown. */
export const SAMPLE_USERS = 10;

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

  @ApiPropertyOptional({
    type: Histogram,
    description:
      'Where histogram_of is given: all users with an order that the condition counts, by their number, whatever the other conditions say',
  })
  histogram?: Histogram;
}

export class BacktestDay {
  @ApiProperty({ format: 'date', description: 'A day of the source' })
  day!: string;

  @ApiProperty({
    description: 'Users for whom the rule held as the day ended; today: as of now',
    type: 'integer',
  })
  users!: number;

  @ApiProperty({ description: 'Users for whom it held then, and not the day before', type: 'integer' })
  gained!: number;

  @ApiProperty({ description: 'Users for whom it held the day before, and not then', type: 'integer' })
  lost!: number;
}

export class BacktestGain {
  @ApiProperty({ description: 'Id of the user at the source' })
  source_user_id!: string;

  @ApiProperty({ description: 'Hash key of the user', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ format: 'date' })
  day!: string;
}

export class BacktestAnswer {
  @ApiProperty({ type: [BacktestDay], description: 'The last 90 days, the oldest first' })
  days!: BacktestDay[];

  @ApiProperty({
    type: [BacktestGain],
    description: 'At most 100 who would have won the tag, the newest first. None for a viewer',
  })
  gains!: BacktestGain[];
}
