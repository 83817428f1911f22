import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FromQuery, IsLine, IsMissing, IsOrderId, IsSwitch, IsWhole, MayMiss } from '../http/input-rules';
import { Content, MessageHeader } from './content.contract';

/** Which orders that wait. */
export class ParkedQuery {
  @ApiPropertyOptional({
    description: 'What is missing: user, restaurant or dish, perhaps with an id as user:ID',
  })
  @MayMiss()
  @IsMissing()
  missing?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Waits at least so many seconds' })
  @MayMiss()
  @FromQuery()
  @IsWhole(0, 999_999_999)
  older_than?: number;

  @ApiPropertyOptional({ description: 'Of this order' })
  @MayMiss()
  @IsOrderId()
  object_id?: string;

  @ApiPropertyOptional({ description: 'Of this version' })
  @MayMiss()
  @IsLine(100)
  version?: string;
}

export class ParkedListQuery extends ParkedQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 50 })
  @FromQuery()
  @IsWhole(1, 500)
  limit = 50;

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

export class ParkedDeedQuery extends ParkedQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'All that wait; without it a filter has to be given',
  })
  @IsSwitch()
  all = 'false';

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Does it; without it nothing is changed, and the answer says what would be done',
  })
  @IsSwitch()
  execute = 'false';
}

export class ParkedPath {
  @ApiProperty({ description: 'Id of the order at the source', type: 'integer', format: 'int64' })
  @IsOrderId()
  order_id!: string;

  @ApiProperty()
  @IsLine(100)
  version!: string;
}

export class LackedEntry {
  @ApiProperty({ enum: ['user', 'restaurant', 'dish'] })
  kind!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    required: false,
    description: 'Of a dish: whose menu lacks it',
  })
  restaurant_id?: string | null;
}

export class ListedParked {
  @ApiProperty({ description: 'Id of the order at the source' })
  object_id!: string;

  @ApiProperty()
  order_version!: string;

  @ApiProperty({ format: 'date-time' })
  waiting_since!: string;

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty({ format: 'date-time' })
  next_attempt_at!: string;

  @ApiProperty({ type: [LackedEntry] })
  missing!: LackedEntry[];

  @ApiProperty({ description: 'Where its message is: topic:partition:offset' })
  message!: string;
}

export class LackedByOrders extends LackedEntry {
  @ApiProperty({ type: 'integer', description: 'Orders that wait for it' })
  orders!: number;
}

export class ParkedPage {
  @ApiProperty({ type: [ListedParked], description: 'Those that wait longest first' })
  orders!: ListedParked[];

  @ApiProperty({ type: 'integer' })
  matching!: number;

  @ApiProperty({ type: [LackedByOrders], description: 'What most of them wait for first' })
  missing!: LackedByOrders[];
}

export class WholeParked extends ListedParked {
  @ApiProperty({ type: Content, nullable: true })
  key!: Content | null;

  @ApiProperty({ type: Content })
  value!: Content;

  @ApiProperty({ type: [MessageHeader] })
  headers!: MessageHeader[];
}

export class HandledParked {
  @ApiProperty({ description: 'false: nothing was changed; the number says what would be done' })
  executed!: boolean;

  @ApiProperty({ type: 'integer' })
  orders!: number;
}
