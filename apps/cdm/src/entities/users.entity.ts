import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.users',
  'Гости с заказами; эту строку первой блокирует транзакция, которая меняет реестр, счётчики или теги гостя / Users with orders; a transaction that changes ledger, counters or tags of a user locks this row first',
  { place: { spreadBy: 'user_id' } },
)
export class User {
  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user', { key: true })
  user_id!: string;

  @Field('text', 'Id гостя в источнике / Id of the user at the source', {
    collation: 'C',
    unique: true,
    personal: false,
  })
  source_user_id!: string;

  @Field('integer', 'Закрытые заказы (CLOSED) гостя / Distinct CLOSED orders of the user', {
    default: 0,
    check: '>= 0',
  })
  closed_order_cnt!: number;

  @Field('timestamptz', 'Когда загружена строка / When the row was loaded', { default: () => 'now()' })
  load_dt!: Date;
}
