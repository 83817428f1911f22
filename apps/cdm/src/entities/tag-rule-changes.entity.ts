import { Check } from 'typeorm/decorator/Check.js';
import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.tag_rule_changes',
  'Каждое правило до и после каждого изменения; не удаляется / Each rule before and after each change; never deleted',
)
@Index('tag_rule_changes_rule', ['rule_id', 'number'])
@Check('tag_rule_changes_rule_check', 'num_nonnulls(before, after) > 0')
export class TagRuleChange {
  @Field('bigint', 'Номер изменения; растёт / Number of the change; rises', {
    key: true,
    generated: 'identity',
  })
  number!: string;

  @Field('uuid', 'Правило / The rule')
  rule_id!: string;

  @Field(
    'jsonb',
    'Строка до изменения; пусто: правило создано / The row before the change; empty: the rule was created',
    {
      nullable: true,
      personal: false,
    },
  )
  before!: object | null;

  @Field(
    'jsonb',
    'Строка после изменения; пусто: правило удалено / The row after the change; empty: the rule was deleted',
    {
      nullable: true,
      personal: false,
    },
  )
  after!: object | null;

  @Field(
    'text',
    'Пользователь API, который сделал изменение, или логин PostgreSQL / User of the API who made the change, or login of PostgreSQL',
    { personal: false },
  )
  changed_by!: string;

  @Field('timestamptz', 'Когда сделано изменение / When the change was made', { default: () => 'now()' })
  changed_at!: Date;
}
