import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { AreDifferentLines } from '../http/input-rules';

const LEAST_TAGS = 2;
const MOST_TAGS = 10;

export class AudienceOfDay {
  @ApiProperty({ description: 'A day in the time zone of the source', example: '2026-11-29' })
  day!: string;

  @ApiProperty({ description: 'Users who held the tag at its end; today: now', type: 'integer' })
  users!: number;
}

export class TagOverview {
  @ApiProperty()
  tag!: string;

  @ApiProperty({ description: 'Users who hold the tag now', type: 'integer' })
  users!: number;

  @ApiProperty({
    description: 'How often the tag was assigned since midnight in the time zone of the source',
    type: 'integer',
  })
  gained_today!: number;

  @ApiProperty({ description: 'How often it was revoked since then', type: 'integer' })
  lost_today!: number;

  @ApiProperty({ type: [AudienceOfDay], description: 'The last 30 days, oldest first; the last is today' })
  days!: AudienceOfDay[];

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Where a rule of the tag has changed: share of the users that is evaluated, from 0 to 1',
  })
  progress!: number | null;
}

export class OverlapQuery {
  @ApiProperty({
    description: 'The tags to compare, each once',
    type: [String],
    minItems: LEAST_TAGS,
    maxItems: MOST_TAGS,
  })
  @Transform(({ value }) => (typeof value === 'string' ? [value] : (value as unknown)))
  @AreDifferentLines(LEAST_TAGS, MOST_TAGS, 200)
  tag!: string[];
}

export class TagAudience {
  @ApiProperty()
  tag!: string;

  @ApiProperty({ description: 'Users who hold it', type: 'integer' })
  users!: number;
}

export class SharedAudience {
  @ApiProperty({ type: [String], description: 'Two tags' })
  tags!: [string, string];

  @ApiProperty({ description: 'Users who hold both', type: 'integer' })
  users!: number;
}

export class OverlapAnswer {
  @ApiProperty({ type: [TagAudience], description: 'In the order in which they were asked for' })
  tags!: TagAudience[];

  @ApiProperty({ type: [SharedAudience], description: 'Every pair' })
  pairs!: SharedAudience[];

  @ApiProperty({ description: 'Users who hold all of the tags', type: 'integer' })
  all!: number;
}
