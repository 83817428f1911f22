import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'pipeline',
  name: 'schema_version',
  comment: 'Which release made the schema: one row, written by migrate',
})
export class SchemaVersion {
  @PrimaryColumn({ type: 'bigint', comment: 'Number of the newest migration' })
  version!: string;

  @Column({
    type: 'bigint',
    comment: 'Number of the newest migration that the oldest service knows that still works with this schema',
  })
  oldest_service!: string;
}
