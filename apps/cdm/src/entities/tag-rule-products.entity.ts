import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.tag_rule_products',
  'Блюда, которые сейчас подходят под шаблон названия / The products that match a pattern at present',
  {
    place: 'everywhere',
  },
)
export class TagRuleProduct {
  @Field('uuid', 'Правило с шаблоном / The rule with the pattern', { key: true })
  rule_id!: string;

  @Field(
    'smallint',
    'Номер условия в правиле, с 0 в порядке записи / Number of the condition in the rule, from 0, in the order of the rule',
    { key: true },
  )
  condition!: number;

  @Field(
    'uuid',
    'Хеш-ключ блюда, новейшее название которого подходит / Hash key of a product whose newest name matches',
    { key: true },
  )
  product_id!: string;
}
