import { Check } from 'typeorm/decorator/Check.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.tag_evaluations',
  'Работа в фоне: изменённые правила и переименованные блюда, по которым оцениваются все гости / Work in the background: changed rules and renamed products, to be evaluated for all users',
)
@Check('tag_evaluations_subject_check', 'num_nonnulls(rule_id, product_id) = 1')
export class TagEvaluation {
  @Field('bigint', 'Номер строки / Number of the row', { key: true, generated: 'identity' })
  id!: string;

  @Field(
    'uuid',
    'Правило, которое добавили, изменили, включили, выключили или удалили / The rule that was added, changed, enabled, disabled or deleted',
    { nullable: true },
  )
  rule_id!: string | null;

  @Field(
    'uuid',
    'Блюдо, название которого теперь подходит под шаблоны или больше не подходит / The product that patterns may match now, or no longer',
    { nullable: true },
  )
  product_id!: string | null;

  @Field(
    'uuid',
    'Последний оценённый гость, по порядку ключей; пусто: ещё никто / The last user that is done, in the order of keys; empty: none yet',
    { nullable: true },
  )
  last_user!: string | null;

  @Field('timestamptz', 'Когда сделано изменение / When the change was made', { default: () => 'now()' })
  created_at!: Date;
}
