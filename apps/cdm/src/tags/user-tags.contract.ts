import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { languages, type Language } from '@app/spreadsheets/sheet';
import { FromQuery, IsId, IsLine, IsOneOf, IsWhole, MayMiss } from '../http/input-rules';

export class UserPath {
  @ApiProperty({ description: 'Id of the user at the source', maxLength: 200 })
  @IsLine(200)
  source_user_id!: string;
}

export class TagPath {
  @ApiProperty({ description: 'The tag', maxLength: 200 })
  @IsLine(200)
  tag!: string;
}

export class PageQuery {
  @ApiPropertyOptional({
    description: 'Users of a page',
    type: 'integer',
    minimum: 1,
    maximum: 1_000,
    default: 20,
  })
  @FromQuery()
  @IsWhole(1, 1_000)
  limit = 20;

  @ApiPropertyOptional({ description: 'The value of `next` of the page before' })
  @MayMiss()
  @IsId()
  cursor?: string;

  @ApiPropertyOptional({
    description: 'Only users with this in their id at the source, ignoring case',
    maxLength: 200,
  })
  @MayMiss()
  @IsLine(200)
  search?: string;

  @ApiPropertyOptional({ enum: languages, description: 'For which spreadsheet program a file is' })
  @MayMiss()
  @IsOneOf(...languages)
  language?: Language;
}

export class HeldTag {
  @ApiProperty()
  tag!: string;

  @ApiProperty({ description: 'Distinct CLOSED orders that gave the tag', type: 'integer' })
  order_cnt!: number;

  @ApiProperty({ description: 'When the tag was assigned', format: 'date-time' })
  since!: Date;
}

export class TaggedUser {
  @ApiProperty({ description: 'Id of the user at the source' })
  source_user_id!: string;

  @ApiProperty({ description: 'Hash key of the user', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ description: 'Distinct CLOSED orders that gave the tag', type: 'integer' })
  order_cnt!: number;

  @ApiProperty({ description: 'When the tag was assigned', format: 'date-time' })
  since!: Date;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'When the newest CLOSED order of the user that matches a condition of the tag was made, as a time of the source; ' +
      'negated conditions, and those about the first order, are left out, and where no other is there, every order matches',
    example: '2023-08-05 06:28:54',
  })
  last_order_at!: string | null;
}

export class TaggedUsersPage {
  @ApiProperty({ type: [TaggedUser], description: 'In the order of user_id' })
  users!: TaggedUser[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The cursor of the next page; null: this is the last one',
  })
  next!: string | null;

  @ApiProperty({ description: 'Users of all pages', type: 'integer' })
  count!: number;
}
