import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { deadLetterReasons } from '@app/contracts/dead-letter.contract';
import {
  FromQuery,
  IsLine,
  IsMoment,
  IsOffset,
  IsOneOf,
  IsOrderId,
  IsSwitch,
  IsWhole,
  MayMiss,
} from '../http/input-rules';
import { Content, MessageHeader } from './content.contract';

export const letterStates = ['open', 'replayed', 'discarded'] as const;
export type LetterState = (typeof letterStates)[number];

/** Which dead letters. */
export class LetterQuery {
  @ApiPropertyOptional({ enum: ['stg', 'dds', 'cdm'], description: 'Those of one service' })
  @MayMiss()
  @IsOneOf('stg', 'dds', 'cdm')
  service?: string;

  @ApiPropertyOptional({ description: 'Those of one dead-letter topic', maxLength: 249 })
  @MayMiss()
  @IsLine(249)
  topic?: string;

  @ApiPropertyOptional({ enum: deadLetterReasons })
  @MayMiss()
  @IsOneOf(...deadLetterReasons)
  reason?: string;

  @ApiPropertyOptional({ description: 'Of this order, as far as the message names it' })
  @MayMiss()
  @IsOrderId()
  object_id?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Refused then or later' })
  @MayMiss()
  @IsMoment()
  since?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Refused before then' })
  @MayMiss()
  @IsMoment()
  until?: string;

  @ApiPropertyOptional({ description: 'The value of `next` of the answer before', maxLength: 50_000 })
  @MayMiss()
  @IsLine(50_000)
  cursor?: string;
}

export class LettersQuery extends LetterQuery {
  @ApiPropertyOptional({
    enum: [...letterStates, 'all'],
    default: 'open',
    description: 'What an operator has done with them: open is nothing',
  })
  @IsOneOf(...letterStates, 'all')
  state: LetterState | 'all' = 'open';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 50 })
  @FromQuery()
  @IsWhole(1, 500)
  limit = 50;
}

export class DeedQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Does it; without it nothing is changed, and the answer says what would be done',
  })
  @IsSwitch()
  execute = 'false';
}

export class ReplayQuery extends DeedQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Also those that were replayed or discarded before',
  })
  @IsSwitch()
  again = 'false';
}

export class DiscardManyQuery extends LetterQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'All that are open; without it a filter has to be given',
  })
  @IsSwitch()
  all = 'false';

  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false' })
  @IsSwitch()
  execute = 'false';
}

export class ReplayManyQuery extends DiscardManyQuery {
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false' })
  @IsSwitch()
  again = 'false';
}

export class LetterPath {
  @ApiProperty({ description: 'A dead-letter topic' })
  @IsLine(249)
  topic!: string;

  @ApiProperty({ type: 'integer' })
  @FromQuery()
  @IsWhole(0, 999_999)
  partition!: number;

  @ApiProperty({ type: 'integer', format: 'int64' })
  @IsOffset()
  offset!: string;
}

/** A message that a service refused; nothing of what it holds but the order. */
export class ListedLetter {
  @ApiProperty()
  topic!: string;

  @ApiProperty({ type: 'integer' })
  partition!: number;

  @ApiProperty()
  offset!: string;

  @ApiProperty({ description: 'Why it was refused; empty: no service wrote it' })
  reason!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Path of the field that breaks a rule' })
  field!: string | null;

  @ApiProperty()
  service!: string;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  refused_at!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Id of its order, as far as it can be read' })
  order_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Where it was refused: topic:partition:offset' })
  message!: string | null;

  @ApiProperty({ description: 'Whether it can be sent again as it came' })
  is_whole!: boolean;

  @ApiProperty({ enum: letterStates })
  state!: LetterState;

  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'When that was done' })
  done_at!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'User of the API, or login of PostgreSQL' })
  done_by!: string | null;
}

export class LetterCount {
  @ApiProperty()
  service!: string;

  @ApiProperty()
  topic!: string;

  @ApiProperty({
    description: 'Why the messages were refused; unknown: no process reported it before a crash',
  })
  reason!: string;

  @ApiProperty({ type: 'integer' })
  messages!: number;

  @ApiProperty({ type: 'integer', description: 'Those that were neither replayed nor discarded' })
  open!: number;
}

export class LettersPage {
  @ApiProperty({ type: [ListedLetter], description: 'Those that were refused last first' })
  letters!: ListedLetter[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'The cursor of the next page; null: all have been looked at. One question looks through a part of the topics only: a page may be short, or empty, and have a next one',
  })
  next!: string | null;

  @ApiProperty({ type: 'integer', description: 'Dead letters that the topics hold' })
  held!: number;

  @ApiProperty({ type: 'integer', description: 'Of them, those that no page so far has looked at' })
  left!: number;

  @ApiProperty({
    type: [LetterCount],
    description: 'Of all services, as they report, whatever the filter',
  })
  counts!: LetterCount[];
}

export class WholeLetter extends ListedLetter {
  @ApiProperty({ description: 'Which field and value, in a sentence; may name a person' })
  because!: string;

  @ApiProperty({ type: [String], description: 'What of the message is not as it came' })
  altered!: string[];

  @ApiProperty({ type: Content, nullable: true })
  key!: Content | null;

  @ApiProperty({ type: Content, nullable: true })
  value!: Content | null;

  @ApiProperty({ type: [MessageHeader] })
  headers!: MessageHeader[];
}

export class SentTo {
  @ApiProperty()
  topic!: string;

  @ApiProperty({ type: 'integer' })
  messages!: number;
}

/** What was done, or would be. */
export class HandledLetters {
  @ApiProperty({ description: 'false: nothing was changed; the numbers say what would be done' })
  executed!: boolean;

  @ApiProperty({ type: [SentTo] })
  sent!: SentTo[];

  @ApiProperty({ type: 'integer' })
  discarded!: number;

  @ApiProperty({ type: 'integer', description: 'Replayed or discarded before, hence left out' })
  done_before!: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Left out: without their whole message, written by no service, or of a topic that no service reads',
  })
  not_sendable!: number;
}

export class HandledPart extends HandledLetters {
  @ApiProperty({ type: String, nullable: true, description: 'The cursor to go on with; null: all is done' })
  next!: string | null;

  @ApiProperty({ type: 'integer', description: 'Dead letters that are still to be looked at' })
  left!: number;
}
