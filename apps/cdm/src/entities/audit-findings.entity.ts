import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.audit_findings',
  'Что аудитор нашёл неверным и когда это снова стало верным / What the auditor found wrong, and when it was right again',
)
export class AuditFinding {
  @Field('bigint', 'Номер строки / Number of the row', { key: true, generated: 'identity' })
  id!: string;

  @Field('text', 'Обход, в котором это найдено / The round in which it was found', {
    collation: 'C',
    personal: false,
  })
  what!: string;

  @Field('text', 'Ключ по порядку обхода / Its key in the order of the round', {
    collation: 'C',
    personal: false,
  })
  place!: string;

  @Field('text', 'Таблица, которая расходится / The table that differs', { personal: false })
  table_name!: string;

  @Field('jsonb', 'Ключ строки / The key of the row', { personal: false })
  row_key!: Record<string, string>;

  @Field('text', 'Колонка, которая расходится; *: вся строка / The column that differs; *: the whole row', {
    personal: false,
  })
  column_name!: string;

  @Field('text', 'С чем сравнивалось / What it was compared with', { personal: false })
  against!: string;

  @Field('text', 'Что должно быть; пусто: ничего / What it should be; empty: nothing', {
    nullable: true,
    personal: false,
  })
  expected!: string | null;

  @Field('text', 'Что есть; пусто: ничего / What is there; empty: nothing', {
    nullable: true,
    personal: false,
  })
  found!: string | null;

  @Field('timestamptz', 'Когда найдено / When it was found', { default: () => 'now()' })
  found_at!: Date;

  @Field('timestamptz', 'Когда замечено в последний раз / When it was seen last', { default: () => 'now()' })
  seen_at!: Date;

  @Field(
    'timestamptz',
    'Когда снова стало верным; пусто: ещё нет / When it was right again; empty: it is not',
    { nullable: true },
  )
  closed_at!: Date | null;
}
