import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'operations',
  name: 'replayed_dead_letters',
  comment: 'Dead letters that were sent to their topic again',
})
export class ReplayedDeadLetter {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Topic of the dead letter' })
  topic!: string;

  @PrimaryColumn({ type: 'integer', comment: 'Partition of the dead letter' })
  partition!: number;

  @PrimaryColumn({ type: 'bigint', comment: 'Offset of the dead letter' })
  message_offset!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When it was sent again last' })
  replayed_at!: Date;
}
