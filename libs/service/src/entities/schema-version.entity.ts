import { Field, Table } from '@app/data-vault/columns';

@Table('pipeline.schema_version', 'Which release made the schema: one row, written by migrate')
export class SchemaVersion {
  @Field('bigint', 'Number of the newest migration', { key: true })
  version!: string;

  @Field(
    'bigint',
    'Number of the newest migration that the oldest service knows that still works with this schema',
  )
  oldest_service!: string;
}
