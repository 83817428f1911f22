import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FromQuery, IsOneOf, IsWhole } from '../http/input-rules';
import { whats, type What } from './audit-metrics';

export class RoundAnswer {
  @ApiProperty({ enum: whats, description: 'What the round looks at' })
  what!: What;

  @ApiProperty({
    description:
      'Since when all has been looked at: when the last whole round began; null: none has ended yet',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  covered_since!: Date | null;

  @ApiProperty({ description: 'Rows that the last whole round compared', type: 'integer' })
  checked!: number;

  @ApiProperty({ description: 'Findings that are open', type: 'integer' })
  wrong!: number;
}

export class AuditAnswer {
  @ApiProperty({ type: [RoundAnswer], description: 'Empty: nothing was audited yet' })
  rounds!: RoundAnswer[];
}

export const findingStates = ['open', 'closed', 'all'] as const;

export class FindingsQuery {
  @ApiPropertyOptional({
    enum: findingStates,
    default: 'all',
    description: 'Whether they are still so: a finding is closed when the row was seen to be right again',
  })
  @IsOneOf(...findingStates)
  state: (typeof findingStates)[number] = 'all';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 100 })
  @FromQuery()
  @IsWhole(1, 500)
  limit = 100;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'So many are left out before',
  })
  @FromQuery()
  @IsWhole(0, 1_000_000)
  skip = 0;
}

export class FindingAnswer {
  @ApiProperty({ enum: whats, description: 'The round that found it' })
  what!: What;

  @ApiProperty({ description: 'The table that differs' })
  table!: string;

  @ApiProperty({
    description: 'The key of the row',
    type: 'object',
    additionalProperties: { type: 'string' },
  })
  key!: Record<string, string>;

  @ApiProperty({ description: 'The column that differs; *: the whole row' })
  column!: string;

  @ApiProperty({ description: 'What it was compared with' })
  against!: string;

  @ApiProperty({ description: 'What it should be', type: String, nullable: true })
  expected!: string | null;

  @ApiProperty({ description: 'What is there', type: String, nullable: true })
  found!: string | null;

  @ApiProperty({ format: 'date-time' })
  found_at!: Date;

  @ApiProperty({
    description: 'When it was right again; null: it is not',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  closed_at!: Date | null;
}

export class FindingsAnswer {
  @ApiProperty({ type: [FindingAnswer], description: 'Open ones first, then the newest' })
  findings!: FindingAnswer[];

  @ApiProperty({ description: 'Findings of all pages', type: 'integer' })
  matching!: number;
}
