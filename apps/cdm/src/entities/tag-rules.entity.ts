import { Check } from 'typeorm/decorator/Check.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.tag_rules', 'Каким гостям какой тег положен / Which users get which tag')
@Check('tag_rules_conditions_check', 'cdm.are_conditions(conditions)')
export class TagRule {
  @Field('uuid', 'Id правила / Id of the rule', { key: true, generated: 'uuid' })
  id!: string;

  @Field('text', 'Тег, который даёт правило / The tag that the rule gives', {
    check: "<> '' AND length(tag) <= 200",
    personal: false,
  })
  tag!: string;

  @Field(
    'jsonb',
    'Когда гость получает тег: условия, соединённые all_of или any_of, как их принимает API / When a user gets the tag: conditions, joined by all_of or any_of, in the form of the API',
    {
      personal: false,
    },
  )
  conditions!: object;

  @Field('boolean', 'Включено ли правило / Whether the rule is in force', { default: true })
  enabled!: boolean;

  @Field(
    'text',
    'Кто создал правило: пользователь API или логин PostgreSQL / Creator of the rule: user of the API, or login of PostgreSQL',
    { default: () => 'CURRENT_USER', personal: false },
  )
  created_by!: string;

  @Field('timestamptz', 'Когда создано правило / When the rule was created', { default: () => 'now()' })
  created_at!: Date;
}
