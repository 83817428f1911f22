import { ApiProperty } from '@nestjs/swagger';
import type { ExactNumber } from '@app/values/exact-number';

export class ParkedAnswer {
  @ApiProperty({ enum: ['user', 'restaurant', 'dish'], description: 'What the dictionary lacks' })
  missing!: string;

  @ApiProperty({
    description: 'Orders that wait for it; one that misses several counts for each',
    type: 'integer',
  })
  orders!: number;
}

export class DeadLettersAnswer {
  @ApiProperty({
    description: 'Why the messages were refused; unknown: no process reported it before a crash',
  })
  reason!: string;

  @ApiProperty({ type: 'integer' })
  messages!: number;

  @ApiProperty({ type: 'integer', description: 'Those that an operator neither replayed nor discarded' })
  open!: number;
}

export class NewestVersionAnswer {
  @ApiProperty({ description: 'Id of the order at the source', type: Number })
  object_id!: ExactNumber;

  @ApiProperty()
  order_version!: string;

  @ApiProperty({ description: 'When it was stored', format: 'date-time' })
  at!: Date;
}

export class ServiceAnswer {
  @ApiProperty({ enum: ['stg', 'dds', 'cdm'] })
  service!: string;

  @ApiProperty({
    description: 'Messages that it has not finished yet; null: the service or the broker did not answer',
    type: Number,
    nullable: true,
  })
  lag!: number | null;

  @ApiProperty({ description: 'Over the last 10 seconds or so, all replicas together' })
  messages_per_second!: number;

  @ApiProperty({
    description:
      'How long the last message took from being sent to being finished; while messages wait, at least for how long they have been seen to. Null: none waits, and none was finished since the service started',
    type: Number,
    nullable: true,
  })
  freshness_seconds!: number | null;

  @ApiProperty({ type: [ParkedAnswer] })
  parked!: ParkedAnswer[];

  @ApiProperty({ type: [DeadLettersAnswer] })
  dead_letters!: DeadLettersAnswer[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Topic of its dead letters; null: it never reported',
  })
  dead_letter_topic!: string | null;

  @ApiProperty({
    type: NewestVersionAnswer,
    nullable: true,
    description: 'The newest order version it has stored',
  })
  newest_version!: NewestVersionAnswer | null;

  @ApiProperty({
    description: 'When it reported its state last',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  seen_at!: Date | null;
}

export class PipelineAnswer {
  @ApiProperty({ format: 'date-time' })
  at!: Date;

  @ApiProperty({ type: [ServiceAnswer] })
  services!: ServiceAnswer[];

  @ApiProperty({
    description:
      'Since when figures may lack orders, because a service is silent, or a minute late with messages that wait; null: they lack none but those that wait',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  stale_since!: Date | null;
}
