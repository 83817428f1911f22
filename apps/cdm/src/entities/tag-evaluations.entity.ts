import { Check } from 'typeorm/decorator/Check.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.tag_evaluations',
  'Work of the background: rules that changed and products whose name did, to be evaluated for all users',
)
@Check('tag_evaluations_subject_check', 'num_nonnulls(rule_id, product_id) = 1')
export class TagEvaluation {
  @Field('bigint', 'Number of the row', { key: true, generated: 'identity' })
  id!: string;

  @Field('uuid', 'The rule that was added, changed, enabled, disabled or deleted', { nullable: true })
  rule_id!: string | null;

  @Field('uuid', 'The product that patterns may match now, or no longer', { nullable: true })
  product_id!: string | null;

  @Field('uuid', 'The last user that is done, in the order of keys; empty: none yet', { nullable: true })
  last_user!: string | null;

  @Field('timestamptz', 'When the change was made', { default: () => 'now()' })
  created_at!: Date;
}
