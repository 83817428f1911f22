import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'tag_rule_counts',
  comment: 'How many orders of a user match a rule; of a rule with a window only where it holds',
})
@Index('tag_rule_counts_until', ['until'], { where: 'until IS NOT NULL' })
@Check('tag_rule_counts_order_cnt_check', 'order_cnt > 0')
export class TagRuleCount {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'The rule' })
  rule_id!: string;

  @Column({
    type: 'integer',
    comment: 'Distinct CLOSED orders that match; with a window, those inside when it was counted last',
  })
  order_cnt!: number;

  @Column({
    type: 'timestamp',
    nullable: true,
    comment:
      'With a window: when too few are left inside unless orders change, in the time zone of the source',
  })
  until!: string | null;
}
