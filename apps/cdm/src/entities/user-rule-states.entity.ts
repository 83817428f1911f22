import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.user_rule_states',
  'Whether a rule holds for a user, and when that is to be judged again; missing: it does not hold, and no order matches',
  { place: { spreadBy: 'user_id' } },
)
@Index('user_rule_states_until', ['until'], { where: 'until IS NOT NULL' })
export class UserRuleState {
  @Field('uuid', 'Hash key of the user', { key: true })
  user_id!: string;

  @Field('uuid', 'The rule', { key: true })
  rule_id!: string;

  @Field('boolean', 'Whether the rule holds')
  holds!: boolean;

  @Field(
    'integer',
    'CLOSED orders that matched the first condition that counts and is not negated, when the rule was judged',
    { check: '>= 0' },
  )
  order_cnt!: number;

  @Field('timestamp', 'When time alone may change the answer, in the time zone of the source; empty: never', {
    nullable: true,
  })
  until!: string | null;

  @Field(
    'integer',
    'With how many CLOSED orders of the user those that come may change the answer; empty: with none',
    { nullable: true },
  )
  recheck_cnt!: number | null;

  @Field('integer', 'The conditions that such orders match: a bit of the number of each')
  watched!: number;
}
