import { Field, Table } from '@app/data-vault/columns';

@Table(
  'pipeline.positions',
  'Up to where the messages of each partition are stored in this database; written in the transaction of each batch',
)
export class Position {
  @Field('text', 'Group as which a service reads', { key: true, collation: 'C', personal: false })
  consumer_group!: string;

  @Field('text', 'Topic that it reads', { key: true, collation: 'C', personal: false })
  topic!: string;

  @Field('integer', 'Partition of the topic', { key: true })
  partition!: number;

  @Field('bigint', 'Offset of the first message that is not known to be stored')
  next_offset!: string;

  @Field('timestamptz', 'When a batch was stored last', { default: () => 'now()' })
  stored_at!: Date;
}
