import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AreDifferentLines,
  FromQuery,
  IsFlag,
  IsId,
  IsWebAddress,
  IsWhole,
  MayMiss,
} from '../http/input-rules';

const MOST_TAGS = 100;
const MOST_FAILURES = 1_000;
const MOST_ID = 999_999_999;

export class WebhookPath {
  @ApiProperty({ description: 'Id of the webhook', format: 'uuid' })
  @IsId()
  id!: string;
}

export class WebhookInput {
  @ApiProperty({
    description:
      'Where messages are posted to: https, at a public address, without user and password. Others only where WEBHOOKS_PRIVATE_ADDRESSES is allowed',
    maxLength: 2_000,
    example: 'https://crm.example.com/hooks/tags',
  })
  @IsWebAddress()
  address!: string;

  @ApiPropertyOptional({
    description: 'Tags whose events are posted; left out: all',
    type: [String],
    minItems: 1,
    maxItems: MOST_TAGS,
  })
  @MayMiss()
  @AreDifferentLines(1, MOST_TAGS, 200)
  tags?: string[];

  @ApiPropertyOptional({ description: 'Whether anything is posted', default: true })
  @MayMiss()
  @IsFlag()
  enabled?: boolean;
}

export class WebhookAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Where messages are posted to' })
  address!: string;

  @ApiProperty({ type: [String], nullable: true, description: 'Tags whose events are posted; null: all' })
  tags!: string[] | null;

  @ApiProperty({ description: 'Whether anything is posted' })
  enabled!: boolean;

  @ApiProperty({ description: 'Who made it' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: Date;

  @ApiProperty({ description: 'Events that wait to be delivered', type: 'integer' })
  waiting!: number;

  @ApiProperty({
    description: 'Since when the oldest of them waits; null: none does',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  oldest_waiting_at!: Date | null;

  @ApiProperty({ description: 'Events that were given up after a day', type: 'integer' })
  failed!: number;

  @ApiProperty({
    description: 'When a message was taken last; null: never',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  last_delivered_at!: Date | null;

  @ApiProperty({
    description: 'Why the last message was not taken; null: it was',
    type: String,
    nullable: true,
  })
  last_problem!: string | null;
}

export class NewWebhook extends WebhookAnswer {
  @ApiProperty({ description: 'Secret of the signatures. It is shown once' })
  secret!: string;
}

export class TestAnswer {
  @ApiProperty({ description: 'Whether the receiver took the message' })
  delivered!: boolean;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Status of its answer; null: there was none' })
  status!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it did not take it' })
  problem!: string | null;
}

export class FailuresQuery {
  @ApiPropertyOptional({
    description: 'Events of a page',
    type: 'integer',
    minimum: 1,
    maximum: MOST_FAILURES,
    default: 20,
  })
  @FromQuery()
  @IsWhole(1, MOST_FAILURES)
  limit = 20;

  @ApiPropertyOptional({ description: 'The value of `next` of the page before', type: 'integer' })
  @MayMiss()
  @FromQuery()
  @IsWhole(1, MOST_ID)
  cursor?: number;
}

export class FailedEvent {
  @ApiProperty({ description: 'Number of the delivery', type: 'integer' })
  id!: number;

  @ApiProperty({ description: 'The event as it is published', type: 'object', additionalProperties: true })
  event!: object;

  @ApiProperty({ description: 'How often it was posted in a message of its own', type: 'integer' })
  attempts!: number;

  @ApiProperty({ description: 'Why it was not taken', type: String, nullable: true })
  problem!: string | null;

  @ApiProperty({ description: 'When it was given up', format: 'date-time' })
  failed_at!: Date;
}

export class FailuresPage {
  @ApiProperty({ type: [FailedEvent], description: 'Oldest first' })
  failures!: FailedEvent[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The cursor of the next page; null: this is the last one',
  })
  next!: number | null;
}

export class RepeatedAnswer {
  @ApiProperty({ description: 'Events that are to be delivered again', type: 'integer' })
  repeated!: number;
}
