import { ApiProperty } from '@nestjs/swagger';
import { IsOrderId } from '../http/input-rules';

export class OrderPath {
  @ApiProperty({ description: 'Id of the order at the source', type: 'integer', format: 'int64' })
  @IsOrderId()
  order_id!: string;
}

/** A dictionary entry that a version was enriched with. */
export class UsedEntry {
  @ApiProperty({ enum: ['user', 'restaurant'] })
  kind!: 'user' | 'restaurant';

  @ApiProperty({ description: 'Id of the user or restaurant at the source' })
  id!: string;

  @ApiProperty({ description: 'Time of the entry' })
  valid_from!: string;
}

export class MissingEntry {
  @ApiProperty({ enum: ['user', 'restaurant', 'dish'] })
  kind!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty({ required: false, description: 'Of a dish: the restaurant whose menu lacks it' })
  restaurant_id?: string;
}

/** What a version waits for. */
export class Waiting {
  @ApiProperty()
  since!: string;

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty()
  next_attempt_at!: string;

  @ApiProperty({ type: [MissingEntry] })
  missing!: MissingEntry[];
}

/** A version of an order, as staging has it. */
export class StagedVersion {
  @ApiProperty()
  version!: string;

  @ApiProperty({ description: 'When the source sent it, as a time of the source' })
  sent_at!: string;

  @ApiProperty({ format: 'date-time' })
  staged_at!: string;

  @ApiProperty()
  is_newest!: boolean;

  @ApiProperty({ description: 'The payload of the message, character for character' })
  payload!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it was received first, topic:partition:offset; null where release 0.1 staged it',
  })
  message!: string | null;

  @ApiProperty({ type: [UsedEntry], description: 'Entries of the dictionary that it was enriched with' })
  entries!: UsedEntry[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Of products that an earlier menu had: since when that menu was valid',
  })
  earlier_menus!: Record<string, string>;

  @ApiProperty({ type: Waiting, nullable: true })
  waiting!: Waiting | null;
}

/** A product of an order. */
export class OrderLine {
  @ApiProperty({ description: 'Id of the product at the source' })
  product_id!: string;

  @ApiProperty({ description: 'Its name as ordered' })
  name!: string;

  @ApiProperty()
  price!: string;

  @ApiProperty()
  quantity!: string;

  @ApiProperty()
  category!: string;
}

/** A version of an order, as the vault has it. Decimals are texts, with every digit. */
export class VaultVersion {
  @ApiProperty()
  version!: string;

  @ApiProperty({ format: 'date-time' })
  in_vault_at!: string;

  @ApiProperty()
  status!: string;

  @ApiProperty({ description: 'When the order was made, as a time of the source' })
  made_at!: string;

  @ApiProperty()
  cost!: string;

  @ApiProperty()
  payment!: string;

  @ApiProperty()
  bonus_payment!: string;

  @ApiProperty()
  bonus_grant!: string;

  @ApiProperty({ type: [OrderLine] })
  lines!: OrderLine[];
}

export class TakenStatus {
  @ApiProperty()
  status!: string;

  @ApiProperty({ description: 'When the order took it, as a time of the source' })
  since!: string;

  @ApiProperty({ format: 'date-time' })
  in_vault_at!: string;
}

/** What a menu called a product since a time. */
export class MenuName {
  @ApiProperty()
  product_id!: string;

  @ApiProperty()
  valid_from!: string;

  @ApiProperty()
  name!: string;
}

export class VaultOrder {
  @ApiProperty()
  source_user_id!: string;

  @ApiProperty()
  restaurant_id!: string;

  @ApiProperty({ type: [TakenStatus] })
  statuses!: TakenStatus[];

  @ApiProperty({ type: [VaultVersion], description: 'The oldest first' })
  versions!: VaultVersion[];

  @ApiProperty({ type: [MenuName], description: 'All names that menus ever gave its products' })
  menu_names!: MenuName[];
}

export class CountingRow {
  @ApiProperty({ description: 'Table of cdm' })
  mart!: string;

  @ApiProperty({ description: 'What the row is about' })
  of!: string;

  @ApiProperty({ type: 'integer', description: 'Orders that the row counts now' })
  orders!: number;
}

export class MovedTag {
  @ApiProperty({ enum: ['assigned', 'revoked'] })
  event!: string;

  @ApiProperty()
  tag!: string;

  @ApiProperty({ type: 'integer' })
  orders!: number;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

/** What the marts have of an order. */
export class CountedOrder {
  @ApiProperty()
  version!: string;

  @ApiProperty()
  status!: string;

  @ApiProperty({ format: 'date-time' })
  counted_at!: string;

  @ApiProperty({ type: [CountingRow] })
  rows!: CountingRow[];

  @ApiProperty({
    type: [MovedTag],
    description:
      'Tags that the user won or lost since this version was counted, until another order of theirs was',
  })
  tags!: MovedTag[];
}

/** A message about the order that a service refused. */
export class RefusedMessage {
  @ApiProperty({ description: 'Where its dead letter is: topic:partition:offset' })
  dead_letter!: string;

  @ApiProperty({ format: 'date-time' })
  refused_at!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Path of the field that breaks a rule' })
  field!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Where it was refused: topic:partition:offset' })
  message!: string | null;

  @ApiProperty({
    enum: ['open', 'replayed', 'discarded'],
    description: 'What an operator has done with it: open is nothing',
  })
  state!: string;
}

export class RefusedMessages {
  @ApiProperty({ type: [RefusedMessage], description: 'Those that were refused last first' })
  letters!: RefusedMessage[];

  @ApiProperty({
    type: 'integer',
    description: 'Older dead letters that were not looked at: the topics hold more than one question reads',
  })
  left!: number;
}

/** The life of an order, as each layer has it. */
export class OrderTraceAnswer {
  @ApiProperty({ description: 'Id of the order at the source' })
  order_id!: string;

  @ApiProperty({ type: [StagedVersion], description: 'Its versions in staging, the oldest first' })
  staged!: StagedVersion[];

  @ApiProperty({ type: VaultOrder, nullable: true, description: 'null: the vault has no version of it' })
  vault!: VaultOrder | null;

  @ApiProperty({ type: CountedOrder, nullable: true, description: 'null: the marts do not have it yet' })
  counted!: CountedOrder | null;

  @ApiProperty({ type: RefusedMessages, nullable: true, description: 'null: no broker answers' })
  dead_letters!: RefusedMessages | null;
}
