import { Check } from 'typeorm/decorator/Check.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.tag_rules', 'Which users get which tag')
@Check('tag_rules_match_check', 'num_nonnulls(category, product_id, product_pattern, restaurant_id) = 1')
export class TagRule {
  @Field('uuid', 'Id of the rule', { key: true, generated: 'uuid' })
  id!: string;

  @Field('text', 'The tag that the rule gives', { check: "<> '' AND length(tag) <= 200", personal: false })
  tag!: string;

  @Field('text', 'Counts orders with this category: its name or hash key', {
    nullable: true,
    personal: false,
  })
  category!: string | null;

  @Field('text', 'Counts orders with this product: its source id or hash key', {
    nullable: true,
    personal: false,
  })
  product_id!: string | null;

  @Field('text', 'Counts orders with a product whose newest name contains this text', {
    nullable: true,
    check: "<> ''",
    personal: false,
  })
  product_pattern!: string | null;

  @Field('text', 'Counts orders at this restaurant: its source id or hash key', {
    nullable: true,
    personal: false,
  })
  restaurant_id!: string | null;

  @Field('integer', 'How many distinct CLOSED orders give the tag', { check: '> 0' })
  min_orders!: number;

  @Field('integer', 'Only orders of the last days count; empty: ever', {
    nullable: true,
    check: 'BETWEEN 1 AND 36500',
  })
  window_days!: number | null;

  @Field('boolean', 'Whether the rule is in force', { default: true })
  enabled!: boolean;

  @Field('text', 'Who created the rule', { default: () => 'CURRENT_USER', personal: false })
  created_by!: string;

  @Field('timestamptz', 'When the rule was created', { default: () => 'now()' })
  created_at!: Date;
}
