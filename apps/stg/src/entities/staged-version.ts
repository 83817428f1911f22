import { Field } from '@app/data-vault/columns';

/** What is stored of an order version, in whichever table. */
export abstract class StagedVersion {
  @Field('bigint', 'Id of the order at the source')
  object_id!: string;

  @Field('text', 'Type of the message at the source: order', { personal: false })
  object_type!: string;

  @Field('timestamp', "When the source sent the version, in the source's time zone")
  sent_dttm!: string;

  @Field('json', 'Payload of the message, character for character as received', {
    personal: { blankedTo: 'operations.blank_payload(payload)' },
  })
  payload!: string;

  @Field(
    'text',
    'update_ts, sent_dttm and digest of the message as one text that sorts from older to newer',
    { collation: 'C', personal: false },
  )
  order_version!: string;

  @Field('uuid', 'Dictionary entry of the user that the version was enriched with; empty while it waits', {
    nullable: true,
  })
  user_entry_pk!: string | null;

  @Field(
    'uuid',
    'Dictionary entry of the restaurant that the version was enriched with; empty while it waits',
    { nullable: true },
  )
  restaurant_entry_pk!: string | null;

  @Field(
    'jsonb',
    'Product id to dictionary entry, for products that were found in an earlier menu of the restaurant',
    { nullable: true, personal: false },
  )
  earlier_menus!: Record<string, string> | null;

  @Field('text', 'Topic in which the version was received first; empty in rows of release 0.1', {
    nullable: true,
    personal: false,
  })
  topic!: string | null;

  @Field('integer', 'Partition of that message', { nullable: true })
  partition!: number | null;

  @Field('bigint', 'Offset of that message', { nullable: true })
  message_offset!: string | null;

  @Field('timestamptz', 'When the row was loaded', { default: () => 'now()' })
  load_dt!: Date;
}
