import { Field, Table } from '@app/data-vault/columns';

@Table('operations.replayed_dead_letters', 'Dead letters that were sent to their topic again')
export class ReplayedDeadLetter {
  @Field('text', 'Topic of the dead letter', { key: true, collation: 'C', personal: false })
  topic!: string;

  @Field('integer', 'Partition of the dead letter', { key: true })
  partition!: number;

  @Field('bigint', 'Offset of the dead letter', { key: true })
  message_offset!: string;

  @Field('timestamptz', 'When it was sent again last', { default: () => 'now()' })
  replayed_at!: Date;

  @Field('text', 'Why the message was refused', { nullable: true, collation: 'C', personal: false })
  reason!: string | null;

  @Field('text', 'User of the API, or login of PostgreSQL', {
    nullable: true,
    collation: 'C',
    personal: false,
  })
  replayed_by!: string | null;
}
