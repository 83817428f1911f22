import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.tag_rule_products', 'The products that a pattern stands for at present', {
  place: 'everywhere',
})
export class TagRuleProduct {
  @Field('uuid', 'The rule with the pattern', { key: true })
  rule_id!: string;

  @Field('smallint', 'Number of the condition in the rule, from 0 as they are written', { key: true })
  condition!: number;

  @Field('uuid', 'Hash key of a product whose newest name matches', { key: true })
  product_id!: string;
}
