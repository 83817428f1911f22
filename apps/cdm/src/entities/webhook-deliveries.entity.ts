import { Index } from 'typeorm/decorator/Index.js';
import { Unique } from 'typeorm/decorator/Unique.js';
import { Field, Table } from '@app/data-vault/columns';
import { Webhook } from './webhooks.entity';

const isRetried = 'failed_at IS NULL AND attempts > 0';

@Table(
  'cdm.webhook_deliveries',
  'Events that are to be posted to a webhook, or could not be; deleted when they are delivered',
)
@Unique('webhook_deliveries_event_key', ['webhook_id', 'event_id'])
@Index('webhook_deliveries_fresh', ['webhook_id', 'id'], { where: 'failed_at IS NULL AND attempts = 0' })
@Index('webhook_deliveries_retried', ['webhook_id', 'next_attempt_at'], { where: isRetried })
@Index('webhook_deliveries_failed', ['webhook_id', 'id'], { where: 'failed_at IS NOT NULL' })
@Index('webhook_deliveries_user', ['webhook_id', 'user_id', 'event_number'], { where: 'failed_at IS NULL' })
export class WebhookDelivery {
  @Field('bigint', 'Number of the row; rises with the events of a user', {
    key: true,
    generated: 'identity',
  })
  id!: string;

  @Field('uuid', 'The webhook', { references: () => Webhook })
  webhook_id!: string;

  @Field('uuid', 'The event')
  event_id!: string;

  @Field('uuid', 'Hash key of its user')
  user_id!: string;

  @Field('bigint', "Number of the event among the user's")
  event_number!: string;

  @Field('jsonb', 'The event as it is published', { personal: false })
  event!: object;

  @Field('timestamptz', 'Since when it is to be delivered', { default: () => 'now()' })
  handed_at!: Date;

  @Field('integer', 'How often it was posted in a message of its own, in vain', { default: 0 })
  attempts!: number;

  @Field('timestamptz', 'When it may be posted again', { default: () => 'now()' })
  next_attempt_at!: Date;

  @Field('text', 'Why it was not taken', { nullable: true, personal: false })
  problem!: string | null;

  @Field('timestamptz', 'When it was given up; empty: it waits', { nullable: true })
  failed_at!: Date | null;
}
