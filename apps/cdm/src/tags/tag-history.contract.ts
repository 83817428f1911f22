import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FromQuery, IsWhole, MayMiss } from '../http/input-rules';
import { PastRule, RulePath, TagRuleAnswer } from './tag-rule.contract';

const MOST_CHANGES = 1_000;
/** The query takes 9 digits: more changes than people make. */
const MOST_NUMBER = 999_999_999;

export class ChangePath extends RulePath {
  @ApiProperty({ description: 'Number of the change', type: 'integer' })
  @FromQuery()
  @IsWhole(1, MOST_NUMBER)
  number!: number;
}

export class HistoryQuery {
  @ApiPropertyOptional({
    description: 'Changes of a page',
    type: 'integer',
    minimum: 1,
    maximum: MOST_CHANGES,
    default: 20,
  })
  @FromQuery()
  @IsWhole(1, MOST_CHANGES)
  limit = 20;

  @ApiPropertyOptional({ description: 'The value of `next` of the page before', type: 'integer' })
  @MayMiss()
  @FromQuery()
  @IsWhole(1, MOST_NUMBER)
  cursor?: number;
}

export class RuleChange {
  @ApiProperty({ description: 'Number of the change; later ones have greater numbers', type: 'integer' })
  number!: number;

  @ApiProperty({ description: 'The rule', format: 'uuid' })
  rule_id!: string;

  @ApiProperty({ enum: ['created', 'changed', 'deleted'] })
  change!: 'created' | 'changed' | 'deleted';

  @ApiProperty({ type: PastRule, nullable: true, description: 'null: the rule was created' })
  before!: PastRule | null;

  @ApiProperty({ type: PastRule, nullable: true, description: 'null: the rule was deleted' })
  after!: PastRule | null;

  @ApiProperty({ description: 'User of the API, api for API_TOKEN, or login of PostgreSQL' })
  changed_by!: string;

  @ApiProperty({ format: 'date-time' })
  changed_at!: Date;
}

export class HistoryPage {
  @ApiProperty({ type: [RuleChange], description: 'Newest first' })
  changes!: RuleChange[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The cursor of the next page; null: this is the last one',
  })
  next!: number | null;
}

export class UndoneChange {
  @ApiProperty({
    type: TagRuleAnswer,
    nullable: true,
    description: 'The rule as it is now; null: there is none',
  })
  rule!: TagRuleAnswer | null;
}
