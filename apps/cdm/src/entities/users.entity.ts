import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.users',
  'Users with orders: the row that whoever changes ledger, counters or tags of a user locks first',
  { place: { spreadBy: 'user_id' } },
)
export class User {
  @Field('uuid', 'Hash key of the user', { key: true })
  user_id!: string;

  @Field('text', 'Id of the user at the source', { collation: 'C', unique: true, personal: false })
  source_user_id!: string;

  @Field('integer', 'Distinct CLOSED orders of the user', { default: 0, check: '>= 0' })
  closed_order_cnt!: number;

  @Field('timestamptz', 'When the row was loaded', { default: () => 'now()' })
  load_dt!: Date;
}
