import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.user_rule_states',
  'Выполнено ли правило для гостя и когда проверить снова; нет строки: не выполнено, и ни один заказ не подходит / Whether a rule holds for a user, and when to judge again; no row: it does not hold, and no order matches',
  { place: { spreadBy: 'user_id' } },
)
@Index('user_rule_states_until', ['until'], { where: 'until IS NOT NULL' })
export class UserRuleState {
  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user', { key: true })
  user_id!: string;

  @Field('uuid', 'Правило / The rule', { key: true })
  rule_id!: string;

  @Field('boolean', 'Выполнено ли правило / Whether the rule holds')
  holds!: boolean;

  @Field(
    'integer',
    'Закрытые заказы (CLOSED), которые подходили при проверке под первое условие, которое считает и не отрицается / CLOSED orders that matched the first condition that counts and is not negated, when the rule was judged',
    { check: '>= 0' },
  )
  order_cnt!: number;

  @Field(
    'timestamp',
    'Когда ответ может измениться просто со временем, в часовом поясе источника; пусто: никогда / When time alone may change the answer, in the time zone of the source; empty: never',
    {
      nullable: true,
    },
  )
  until!: string | null;

  @Field(
    'integer',
    'При скольких закрытых заказах (CLOSED) гостя новые могут изменить ответ; пусто: ни при скольких / Number of CLOSED orders of the user from which new ones may change the answer; empty: none may',
    { nullable: true },
  )
  recheck_cnt!: number | null;

  @Field(
    'integer',
    'Условия, под которые подходят такие заказы: по биту с номером каждого / The conditions that such orders match: one bit each, at the number of the condition',
  )
  watched!: number;
}
