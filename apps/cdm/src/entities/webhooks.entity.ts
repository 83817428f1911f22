import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.webhooks',
  'Адреса, на которые отправляются события тегов / Addresses to which events of tags are posted',
)
export class Webhook {
  @Field('uuid', 'Id вебхука / Id of the webhook', { key: true, generated: 'uuid' })
  id!: string;

  @Field('text', 'Адрес для сообщений / Address of the messages', { personal: false })
  address!: string;

  @Field(
    'text',
    'Секрет для подписи сообщений; читать может только cdm / Secret that signs the messages; only cdm may read it',
    { personal: false },
  )
  secret!: string;

  @Field(
    'text',
    'Теги, события которых отправляются; пусто: все / Tags whose events are posted; empty: all',
    { nullable: true, array: true, personal: false },
  )
  tags!: string[] | null;

  @Field('boolean', 'Получает ли новые и ожидающие события / Whether it gets new and waiting events', {
    default: true,
  })
  enabled!: boolean;

  @Field('text', 'Пользователь API, который его создал / User of the API who created it', { personal: false })
  created_by!: string;

  @Field('timestamptz', 'Когда создан / When it was created', { default: () => 'now()' })
  created_at!: Date;

  @Field(
    'integer',
    'Сколько событий самое большее в следующем сообщении; после неудачи меньше / Most events of the next message; fewer after a failure',
    {
      default: 50,
      check: '> 0',
    },
  )
  most_events!: number;

  @Field(
    'integer',
    'Сколько событий подряд не доставлено с первой отправки / Events in a row that could not be delivered when they were first posted',
    { default: 0 },
  )
  failures!: number;

  @Field(
    'timestamptz',
    'Раньше ничего не отправляется; пусто: сразу / Nothing is posted before; empty: at once',
    { nullable: true },
  )
  paused_until!: Date | null;

  @Field(
    'timestamptz',
    'С какого времени сообщения не принимаются; пусто: последнее принято / Since when no message was taken; empty: the last one was',
    { nullable: true },
  )
  failing_since!: Date | null;

  @Field('text', 'Почему не принято последнее сообщение / Why the last message was not taken', {
    nullable: true,
    personal: false,
  })
  problem!: string | null;

  @Field('timestamptz', 'Когда последнее сообщение принято / When the last message was taken', {
    nullable: true,
  })
  delivered_at!: Date | null;

  @Field(
    'uuid',
    'Процесс, который отправляет на него; пусто: никакой / Process that posts to it; empty: none',
    { nullable: true },
  )
  leased_by!: string | null;

  @Field('timestamptz', 'Когда его может взять другой процесс / When another process may take it over', {
    nullable: true,
  })
  leased_until!: Date | null;
}
