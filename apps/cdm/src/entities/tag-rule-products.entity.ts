import { Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'tag_rule_products',
  comment: 'The dishes that a pattern stands for at present',
})
export class TagRuleProduct {
  @PrimaryColumn({ type: 'uuid', comment: 'The rule with the pattern' })
  rule_id!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of a product whose newest name matches' })
  product_id!: string;
}
