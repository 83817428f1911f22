import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.audit_rounds',
  'Как далеко аудитор в каждом обходе / How far the auditor is in each of its rounds',
)
export class AuditRound {
  @Field(
    'text',
    'Что проверяется: orders, users, tags, products, categories или restaurants / What is checked: orders, users, tags, products, categories or restaurants',
    {
      key: true,
      collation: 'C',
      personal: false,
    },
  )
  what!: string;

  @Field(
    'text',
    'Последний проверенный ключ этого обхода; пусто: ещё никакой / The last key that was checked in this round; empty: none yet',
    {
      nullable: true,
      collation: 'C',
      personal: false,
    },
  )
  last_key!: string | null;

  @Field('timestamptz', 'Когда проверить следующую часть / When the next piece is due', {
    default: () => 'now()',
  })
  due_at!: Date;

  @Field(
    'timestamptz',
    'Когда начался текущий обход; пусто: его нет / When the current round began; empty: there is none',
    { nullable: true },
  )
  began_at!: Date | null;

  @Field('bigint', 'Сколько строк проверено в этом обходе / Rows that were checked in this round', {
    default: 0,
  })
  checked!: string;

  @Field('integer', 'Сколько строк этого обхода неверны / Rows that were wrong in this round', { default: 0 })
  wrong!: number;

  @Field(
    'bigint',
    'Сколько пакетов было учтено в витринах к началу обхода / Batches that the marts had counted when the round began',
    { nullable: true },
  )
  batches!: string | null;

  @Field(
    'timestamptz',
    'Когда начался последний полный обход: с тех пор проверено всё / When the last whole round began: everything was checked since',
    { nullable: true },
  )
  covered_since!: Date | null;

  @Field('timestamptz', 'Когда закончился последний полный обход / When the last whole round ended', {
    nullable: true,
  })
  covered_at!: Date | null;

  @Field(
    'bigint',
    'Сколько строк проверено в последнем полном обходе / Rows that were checked in the last whole round',
    { nullable: true },
  )
  covered!: string | null;
}
