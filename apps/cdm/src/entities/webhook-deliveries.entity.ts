import { Index } from 'typeorm/decorator/Index.js';
import { Unique } from 'typeorm/decorator/Unique.js';
import { Field, Table } from '@app/data-vault/columns';
import { Webhook } from './webhooks.entity';

const isRetried = 'failed_at IS NULL AND attempts > 0';

@Table(
  'cdm.webhook_deliveries',
  'События, которые ждут отправки на вебхук или не отправились; после доставки удаляются / Events that wait for their webhook, or could not be delivered; deleted after delivery',
)
@Unique('webhook_deliveries_event_key', ['webhook_id', 'event_id'])
@Index('webhook_deliveries_fresh', ['webhook_id', 'id'], { where: 'failed_at IS NULL AND attempts = 0' })
@Index('webhook_deliveries_retried', ['webhook_id', 'next_attempt_at'], { where: isRetried })
@Index('webhook_deliveries_failed', ['webhook_id', 'id'], { where: 'failed_at IS NOT NULL' })
@Index('webhook_deliveries_user', ['webhook_id', 'user_id', 'event_number'], { where: 'failed_at IS NULL' })
export class WebhookDelivery {
  @Field(
    'bigint',
    'Номер строки; растёт с событиями гостя / Number of the row; rises with the events of a user',
    {
      key: true,
      generated: 'identity',
    },
  )
  id!: string;

  @Field('uuid', 'Вебхук / The webhook', { references: () => Webhook })
  webhook_id!: string;

  @Field('uuid', 'Событие / The event')
  event_id!: string;

  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user')
  user_id!: string;

  @Field('bigint', "Номер события у гостя / Number of the event among the user's")
  event_number!: string;

  @Field('jsonb', 'Событие, как оно публикуется / The event as it is published', { personal: false })
  event!: object;

  @Field('timestamptz', 'С какого времени ждёт доставки / Since when it waits for delivery', {
    default: () => 'now()',
  })
  handed_at!: Date;

  @Field(
    'integer',
    'Сколько раз отправлено отдельным сообщением безуспешно / How often it was posted in a message of its own and not taken',
    { default: 0 },
  )
  attempts!: number;

  @Field('timestamptz', 'Когда можно отправить снова / When it may be posted again', {
    default: () => 'now()',
  })
  next_attempt_at!: Date;

  @Field('text', 'Почему не принято / Why it was not taken', { nullable: true, personal: false })
  problem!: string | null;

  @Field(
    'timestamptz',
    'Когда от доставки отказались; пусто: ждёт / When delivery was given up; empty: it waits',
    { nullable: true },
  )
  failed_at!: Date | null;
}
