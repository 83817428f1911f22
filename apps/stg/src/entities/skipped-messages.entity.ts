import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'stg', name: 'skipped_messages', comment: 'Messages that were no orders' })
export class SkippedMessage {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Topic of the message' })
  topic!: string;

  @PrimaryColumn({ type: 'integer', comment: 'Partition of the message' })
  partition!: number;

  @PrimaryColumn({ type: 'bigint', comment: 'Offset of the message' })
  message_offset!: string;

  @Column({ type: 'text', nullable: true, comment: 'What the message said it was, if it did' })
  object_type!: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;
}
