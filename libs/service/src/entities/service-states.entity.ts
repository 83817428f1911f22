import { Field, Table } from '@app/data-vault/columns';

@Table('pipeline.service_states', 'What each process of a service reported of itself last')
export class ServiceState {
  @Field('text', 'stg, dds or cdm', { key: true, collation: 'C', personal: false })
  service!: string;

  @Field('uuid', 'Id of the process, new with each start', { key: true })
  instance!: string;

  @Field('text', 'Topic that it reads', { personal: false })
  source_topic!: string;

  @Field('text', 'Group as which it reads', { personal: false })
  consumer_group!: string;

  @Field('text', 'Topic of its dead letters', { personal: false })
  dead_letter_topic!: string;

  @Field('numeric', 'Messages finished a second, over the last 10 seconds or so', { precision: 12, scale: 1 })
  messages_per_second!: string;

  @Field('timestamptz', 'When the message that it finished last had been sent to the topic', {
    nullable: true,
  })
  last_message_sent_at!: Date | null;

  @Field('numeric', 'How many seconds after that it was finished', {
    precision: 12,
    scale: 3,
    nullable: true,
  })
  last_message_delay!: string | null;

  @Field(
    'jsonb',
    'Orders that wait, by what they miss: a list of {missing: user, restaurant or dish, orders}',
    { personal: false },
  )
  parked!: { missing: string; orders: number }[];

  @Field('bigint', 'Order of the newest version that it has stored', { nullable: true })
  newest_object_id!: string | null;

  @Field('text', 'The newest version that it has stored', { collation: 'C', nullable: true, personal: false })
  newest_order_version!: string | null;

  @Field('timestamptz', 'When it stored that version', { nullable: true })
  newest_at!: Date | null;

  @Field('timestamptz', 'When it reported all this')
  seen_at!: Date;
}
