import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.tag_rule_counts',
  'How many orders of a user match a rule; of a rule with a window only where it holds',
  { place: { spreadBy: 'user_id' } },
)
@Index('tag_rule_counts_until', ['until'], { where: 'until IS NOT NULL' })
export class TagRuleCount {
  @Field('uuid', 'Hash key of the user', { key: true })
  user_id!: string;

  @Field('uuid', 'The rule', { key: true })
  rule_id!: string;

  @Field(
    'integer',
    'Distinct CLOSED orders that match; with a window, those inside when it was counted last',
    { check: '> 0' },
  )
  order_cnt!: number;

  @Field(
    'timestamp',
    'With a window: when too few are left inside unless orders change, in the time zone of the source',
    { nullable: true },
  )
  until!: string | null;
}
