import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.audit_findings', 'What the auditor found wrong, and when it was right again')
export class AuditFinding {
  @Field('bigint', 'Number of the row', { key: true, generated: 'identity' })
  id!: string;

  @Field('text', 'The round in which it was found', { collation: 'C', personal: false })
  what!: string;

  @Field('text', 'Its key in the order of the round', { collation: 'C', personal: false })
  place!: string;

  @Field('text', 'The table that differs', { personal: false })
  table_name!: string;

  @Field('jsonb', 'The key of the row', { personal: false })
  row_key!: Record<string, string>;

  @Field('text', 'The column that differs; *: the whole row', { personal: false })
  column_name!: string;

  @Field('text', 'What it was compared with', { personal: false })
  against!: string;

  @Field('text', 'What it should be; empty: nothing', { nullable: true, personal: false })
  expected!: string | null;

  @Field('text', 'What is there; empty: nothing', { nullable: true, personal: false })
  found!: string | null;

  @Field('timestamptz', 'When it was found', { default: () => 'now()' })
  found_at!: Date;

  @Field('timestamptz', 'When it was seen last', { default: () => 'now()' })
  seen_at!: Date;

  @Field('timestamptz', 'When it was right again; empty: it is not', { nullable: true })
  closed_at!: Date | null;
}
