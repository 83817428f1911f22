import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'stg', name: 'pending_orders', comment: 'Order versions that wait for a dictionary entry' })
@Index('pending_orders_next_attempt', ['next_attempt_at'])
export class PendingOrder {
  @PrimaryColumn({ type: 'bigint', comment: 'Id of the order at the source' })
  object_id!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'The version that waits' })
  order_version!: string;

  @Column({
    type: 'jsonb',
    comment: 'What is missing: a list of {kind: user, restaurant or dish, id, restaurant_id}',
  })
  missing!: { kind: 'user' | 'restaurant' | 'dish'; id: string; restaurant_id?: string }[];

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the version was parked' })
  waiting_since!: Date;

  @Column({ type: 'integer', default: 1, comment: 'How often it was tried, the first time included' })
  attempts!: number;

  @Column({ type: 'timestamptz', comment: 'When it is tried again' })
  next_attempt_at!: Date;

  @Column({
    type: 'timestamptz',
    nullable: true,
    comment: 'When everything was found; the row leaves once the broker has acknowledged the output',
  })
  released_at!: Date | null;

  @Column({ type: 'text', comment: 'Topic of the message' })
  topic!: string;

  @Column({ type: 'integer', comment: 'Partition of the message' })
  partition!: number;

  @Column({ type: 'bigint', comment: 'Offset of the message' })
  message_offset!: string;

  @Column({ type: 'bytea', nullable: true, comment: 'Key of the message, for a dead letter' })
  message_key!: Buffer | null;

  @Column({ type: 'bytea', comment: 'Value of the message, for a dead letter' })
  message_value!: Buffer;

  @Column({ type: 'jsonb', comment: 'Headers of the message, values in base64, for a dead letter' })
  message_headers!: Record<string, string[]>;

  @Column({
    type: 'jsonb',
    nullable: true,
    comment:
      'Headers of the message in their order: pairs of name and value, both in base64, the value null where there is none',
  })
  message_header_list!: [name: string, value: string | null][] | null;

  @Column({ type: 'bigint', comment: 'Timestamp of the message, in milliseconds since 1970' })
  message_timestamp!: string;
}
