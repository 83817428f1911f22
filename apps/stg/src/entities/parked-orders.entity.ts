import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('stg.pending_orders', 'Order versions that wait for a dictionary entry', {
  belongsTo: { order: 'object_id' },
})
@Index('pending_orders_next_attempt', ['next_attempt_at'])
@Index('pending_orders_released', ['released_at'], { where: 'released_at IS NOT NULL' })
@Index('pending_orders_given_up', ['given_up_at'], { where: 'given_up_at IS NOT NULL' })
export class ParkedOrder {
  @Field('bigint', 'Id of the order at the source', { key: true })
  object_id!: string;

  @Field('text', 'The version that waits', { key: true, collation: 'C', personal: false })
  order_version!: string;

  @Field('jsonb', 'What is missing: a list of {kind: user, restaurant or dish, id, restaurant_id}', {
    personal: false,
  })
  missing!: { kind: 'user' | 'restaurant' | 'dish'; id: string; restaurant_id?: string }[];

  @Field('timestamptz', 'When the version was parked', { default: () => 'now()' })
  waiting_since!: Date;

  @Field('integer', 'How often it was tried, the first time included', { default: 1 })
  attempts!: number;

  @Field('timestamptz', 'When it is tried again')
  next_attempt_at!: Date;

  @Field(
    'timestamptz',
    'When everything was found; the row leaves once the broker has acknowledged the output',
    { nullable: true },
  )
  released_at!: Date | null;

  @Field('text', 'Topic of the message', { personal: false })
  topic!: string;

  @Field('integer', 'Partition of the message')
  partition!: number;

  @Field('bigint', 'Offset of the message')
  message_offset!: string;

  @Field('bytea', 'Key of the message, for a dead letter', {
    nullable: true,
    personal: { blankedTo: 'NULL' },
  })
  message_key!: Buffer | null;

  @Field('bytea', 'Value of the message, for a dead letter', {
    personal: { blankedTo: 'operations.blank_message(message_value)' },
  })
  message_value!: Buffer;

  @Field('jsonb', 'Headers of the message, values in base64, for a dead letter', {
    personal: { blankedTo: "'{}'" },
  })
  message_headers!: Record<string, string[]>;

  @Field(
    'jsonb',
    'Headers of the message in their order: pairs of name and value, both in base64, the value null where there is none',
    { nullable: true, personal: { blankedTo: 'NULL' } },
  )
  message_header_list!: [name: string, value: string | null][] | null;

  @Field('bigint', 'Timestamp of the message, in milliseconds since 1970')
  message_timestamp!: string;

  @Field(
    'timestamptz',
    'When an operator gave it up; the row leaves once the broker has acknowledged the dead letter',
    { nullable: true },
  )
  given_up_at!: Date | null;

  @Field('text', 'User of the API, or login of PostgreSQL', {
    nullable: true,
    collation: 'C',
    personal: false,
  })
  given_up_by!: string | null;
}
