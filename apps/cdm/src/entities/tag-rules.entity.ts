import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ schema: 'cdm', name: 'tag_rules', comment: 'Which guests get which tag' })
@Check('tag_rules_match_check', 'num_nonnulls(category, product_id, product_pattern, restaurant_id) = 1')
@Check('tag_rules_min_orders_check', 'min_orders > 0')
@Check('tag_rules_product_pattern_check', "product_pattern <> ''")
@Check('tag_rules_tag_check', "tag <> '' AND length(tag) <= 200")
@Check('tag_rules_window_days_check', 'window_days BETWEEN 1 AND 36500')
export class TagRule {
  @PrimaryGeneratedColumn('uuid', { comment: 'Id of the rule' })
  id!: string;

  @Column({ type: 'text', comment: 'The tag that the rule gives' })
  tag!: string;

  @Column({ type: 'text', nullable: true, comment: 'Counts orders with this category: its name or hash key' })
  category!: string | null;

  @Column({
    type: 'text',
    nullable: true,
    comment: 'Counts orders with this dish: its source id or hash key',
  })
  product_id!: string | null;

  @Column({
    type: 'text',
    nullable: true,
    comment: 'Counts orders with a dish whose newest name contains this text',
  })
  product_pattern!: string | null;

  @Column({
    type: 'text',
    nullable: true,
    comment: 'Counts orders at this restaurant: its source id or hash key',
  })
  restaurant_id!: string | null;

  @Column({ type: 'integer', comment: 'How many distinct CLOSED orders give the tag' })
  min_orders!: number;

  @Column({ type: 'integer', nullable: true, comment: 'Only orders of the last days count; empty: ever' })
  window_days!: number | null;

  @Column({ type: 'boolean', default: true, comment: 'Whether the rule is in force' })
  enabled!: boolean;

  @Column({ type: 'text', default: () => 'CURRENT_USER', comment: 'Who created the rule' })
  created_by!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the rule was created' })
  created_at!: Date;
}
