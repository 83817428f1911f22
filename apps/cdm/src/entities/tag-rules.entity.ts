import { Check } from 'typeorm/decorator/Check.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.tag_rules', 'Which users get which tag')
@Check('tag_rules_conditions_check', 'cdm.are_conditions(conditions)')
export class TagRule {
  @Field('uuid', 'Id of the rule', { key: true, generated: 'uuid' })
  id!: string;

  @Field('text', 'The tag that the rule gives', { check: "<> '' AND length(tag) <= 200", personal: false })
  tag!: string;

  @Field('jsonb', 'When a user gets the tag: conditions, joined by all_of or any_of, as the API takes them', {
    personal: false,
  })
  conditions!: object;

  @Field('boolean', 'Whether the rule is in force', { default: true })
  enabled!: boolean;

  @Field('text', 'Who created the rule', { default: () => 'CURRENT_USER', personal: false })
  created_by!: string;

  @Field('timestamptz', 'When the rule was created', { default: () => 'now()' })
  created_at!: Date;
}
