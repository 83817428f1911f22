import { Field, Table } from '@app/data-vault/columns';

@Table('stg.skipped_messages', 'Messages that were no orders')
export class SkippedMessage {
  @Field('text', 'Topic of the message', { key: true, collation: 'C', personal: false })
  topic!: string;

  @Field('integer', 'Partition of the message', { key: true })
  partition!: number;

  @Field('bigint', 'Offset of the message', { key: true })
  message_offset!: string;

  @Field('text', 'What the message said it was, if it did', { nullable: true, personal: false })
  object_type!: string | null;

  @Field('timestamptz', 'When the row was loaded', { default: () => 'now()' })
  load_dt!: Date;
}
