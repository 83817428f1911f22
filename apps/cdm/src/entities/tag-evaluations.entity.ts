import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'tag_evaluations',
  comment:
    'Work of the background: rules that changed and dishes whose name did, to be evaluated for all users',
})
@Check('tag_evaluations_subject_check', 'num_nonnulls(rule_id, product_id) = 1')
export class TagEvaluation {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    comment: 'Number of the row',
  })
  id!: string;

  @Column({
    type: 'uuid',
    nullable: true,
    comment: 'The rule that was added, changed, enabled, disabled or deleted',
  })
  rule_id!: string | null;

  @Column({
    type: 'uuid',
    nullable: true,
    comment: 'The dish that patterns may match now, or no longer',
  })
  product_id!: string | null;

  @Column({
    type: 'uuid',
    nullable: true,
    comment: 'The last user that is done, in the order of keys; empty: none yet',
  })
  last_user!: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the change was made' })
  created_at!: Date;
}
