import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'pipeline',
  name: 'service_states',
  comment: 'What each process of a service told of itself last',
})
export class ServiceState {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'stg, dds or cdm' })
  service!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Id of the process, new with each start' })
  instance!: string;

  @Column({ type: 'text', comment: 'Topic that it reads' })
  source_topic!: string;

  @Column({ type: 'text', comment: 'Group as which it reads' })
  consumer_group!: string;

  @Column({ type: 'text', comment: 'Topic of its dead letters' })
  dead_letter_topic!: string;

  @Column({
    type: 'numeric',
    precision: 12,
    scale: 1,
    comment: 'Messages finished a second, over the last 10 seconds or so',
  })
  messages_per_second!: string;

  @Column({
    type: 'timestamptz',
    nullable: true,
    comment: 'When the message that it finished last had been sent to the topic',
  })
  last_message_sent_at!: Date | null;

  @Column({
    type: 'numeric',
    precision: 12,
    scale: 3,
    nullable: true,
    comment: 'How many seconds after that it was finished',
  })
  last_message_delay!: string | null;

  @Column({
    type: 'jsonb',
    comment: 'Orders that wait, by what they miss: a list of {missing: user, restaurant or dish, orders}',
  })
  parked!: { missing: string; orders: number }[];

  @Column({ type: 'bigint', nullable: true, comment: 'Order of the newest version that it has stored' })
  newest_object_id!: string | null;

  @Column({
    type: 'text',
    collation: 'C',
    nullable: true,
    comment: 'The newest version that it has stored',
  })
  newest_order_version!: string | null;

  @Column({ type: 'timestamptz', nullable: true, comment: 'When it stored that version' })
  newest_at!: Date | null;

  @Column({ type: 'timestamptz', comment: 'When it told all this' })
  seen_at!: Date;
}
