import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.audit_rounds', 'How far the auditor is in each of its rounds')
export class AuditRound {
  @Field('text', 'What is looked at: orders, users, tags, products, categories or restaurants', {
    key: true,
    collation: 'C',
    personal: false,
  })
  what!: string;

  @Field('text', 'The last key that was looked at in this round; empty: none yet', {
    nullable: true,
    collation: 'C',
    personal: false,
  })
  last_key!: string | null;

  @Field('timestamptz', 'When the next piece is due', { default: () => 'now()' })
  due_at!: Date;

  @Field('timestamptz', 'When the round that is under way began; empty: none is', { nullable: true })
  began_at!: Date | null;

  @Field('bigint', 'Rows that were checked in this round', { default: 0 })
  checked!: string;

  @Field('integer', 'Rows that were wrong in this round', { default: 0 })
  wrong!: number;

  @Field('bigint', 'Batches that the marts had counted when the round began', { nullable: true })
  batches!: string | null;

  @Field('timestamptz', 'When the last whole round began: all has been looked at since', { nullable: true })
  covered_since!: Date | null;

  @Field('timestamptz', 'When the last whole round ended', { nullable: true })
  covered_at!: Date | null;

  @Field('bigint', 'Rows that were checked in the last whole round', { nullable: true })
  covered!: string | null;
}
