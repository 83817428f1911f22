import { Index } from 'typeorm/decorator/Index.js';
import { Unique } from 'typeorm/decorator/Unique.js';
import { Field, Table } from '@app/data-vault/columns';
import { User } from './users.entity';

@Table(
  'cdm.user_tag_events',
  'Каждая выдача и каждый отзыв тега, по порядку у каждого гостя / Every assignment and revocation of a tag, in order per user',
  {
    place: { spreadBy: 'user_id' },
  },
)
@Unique('user_tag_events_number_key', ['user_id', 'event_number'])
@Index('user_tag_events_unpublished', ['user_id', 'event_number'], { where: 'published_at IS NULL' })
@Index('user_tag_events_time', ['at'])
export class UserTagEvent {
  @Field('uuid', 'UUID версии 5 от гостя и номера / UUID version 5 over user and number', { key: true })
  event_id!: string;

  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user', { references: () => User })
  user_id!: string;

  @Field('bigint', "Номер события у гостя, с 1 / Number of the event among the user's, from 1")
  event_number!: string;

  @Field('text', 'Выдан (assigned) или отозван (revoked) / assigned or revoked', {
    check: "IN ('assigned', 'revoked')",
    personal: false,
  })
  event!: 'assigned' | 'revoked';

  @Field('text', 'Id гостя в источнике / Id of the user at the source', { collation: 'C', personal: false })
  source_user_id!: string;

  @Field('text', 'Тег / The tag', { personal: false })
  tag!: string;

  @Field(
    'integer',
    'Сколько закрытых заказов (CLOSED) было в тот момент / Distinct CLOSED orders at that moment',
  )
  order_cnt!: number;

  @Field('timestamptz', 'Когда это случилось / When it happened')
  at!: Date;

  @Field(
    'timestamptz',
    'Когда брокер подтвердил событие; пусто: ещё нет / When the broker acknowledged the event; empty: not yet',
    { nullable: true },
  )
  published_at!: Date | null;
}
