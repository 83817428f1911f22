import { Field, Table } from '@app/data-vault/columns';

@Table(
  'operations.discarded_dead_letters',
  'Dead letters that are done with, and were not sent to their topic again',
)
export class DiscardedDeadLetter {
  @Field('text', 'Topic of the dead letter', { key: true, collation: 'C', personal: false })
  topic!: string;

  @Field('integer', 'Partition of the dead letter', { key: true })
  partition!: number;

  @Field('bigint', 'Offset of the dead letter', { key: true })
  message_offset!: string;

  @Field('text', 'Why the message was refused', { collation: 'C', personal: false })
  reason!: string;

  @Field('text', 'User of the API, or login of PostgreSQL', { collation: 'C', personal: false })
  discarded_by!: string;

  @Field('timestamptz', 'When it was discarded', { default: () => 'now()' })
  discarded_at!: Date;
}
