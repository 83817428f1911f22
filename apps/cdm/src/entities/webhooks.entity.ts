import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.webhooks', 'Addresses to which events of tags are posted')
export class Webhook {
  @Field('uuid', 'Id of the webhook', { key: true, generated: 'uuid' })
  id!: string;

  @Field('text', 'Where messages are posted to', { personal: false })
  address!: string;

  @Field('text', 'Secret with which messages are signed; only cdm may read it', { personal: false })
  secret!: string;

  @Field('text', 'Tags whose events are posted; empty: all', { nullable: true, array: true, personal: false })
  tags!: string[] | null;

  @Field('boolean', 'Whether it gets new events, and those that wait', { default: true })
  enabled!: boolean;

  @Field('text', 'User of the API who made it', { personal: false })
  created_by!: string;

  @Field('timestamptz', 'When it was made', { default: () => 'now()' })
  created_at!: Date;

  @Field('integer', 'Most events of the next message: fewer after one that failed', {
    default: 50,
    check: '> 0',
  })
  most_events!: number;

  @Field('integer', 'Events in a row that could not be delivered when they were first posted', { default: 0 })
  failures!: number;

  @Field('timestamptz', 'Nothing is posted before; empty: at once', { nullable: true })
  paused_until!: Date | null;

  @Field('timestamptz', 'Since when no message was taken; empty: the last one was', { nullable: true })
  failing_since!: Date | null;

  @Field('text', 'Why the last message was not taken', { nullable: true, personal: false })
  problem!: string | null;

  @Field('timestamptz', 'When a message was taken last', { nullable: true })
  delivered_at!: Date | null;

  @Field('uuid', 'Process that posts to it; empty: none', { nullable: true })
  leased_by!: string | null;

  @Field('timestamptz', 'When another process may take it over', { nullable: true })
  leased_until!: Date | null;
}
