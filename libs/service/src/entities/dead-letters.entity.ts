import { Field, Table } from '@app/data-vault/columns';

@Table(
  'pipeline.dead_letters',
  'Dead letters that the services have reported; those of the last seconds before a crash may be missing, the topics have all',
)
export class DeadLetters {
  @Field('text', 'stg, dds or cdm', { key: true, collation: 'C', personal: false })
  service!: string;

  @Field('text', 'Why the messages were refused', { key: true, collation: 'C', personal: false })
  reason!: string;

  @Field('bigint', 'Dead letters with this reason')
  messages!: string;
}
