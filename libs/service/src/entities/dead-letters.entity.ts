import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'pipeline',
  name: 'dead_letters',
  comment:
    'Dead letters that the services told of; those of the last seconds before a crash may be missing, the topics have all',
})
export class DeadLetters {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'stg, dds or cdm' })
  service!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Why the messages were refused' })
  reason!: string;

  @Column({ type: 'bigint', comment: 'Dead letters with this reason' })
  messages!: string;
}
