import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'pipeline',
  name: 'positions',
  comment:
    'Up to where the messages of each partition are stored in this database; written in the transaction of each batch',
})
export class Position {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Group as which a service reads' })
  consumer_group!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Topic that it reads' })
  topic!: string;

  @PrimaryColumn({ type: 'integer', comment: 'Partition of the topic' })
  partition!: number;

  @Column({ type: 'bigint', comment: 'Offset of the first message that is not known to be stored' })
  next_offset!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When a batch was stored last' })
  stored_at!: Date;
}
