import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'users',
  comment: 'Users with orders: the row that whoever changes ledger, counters or tags of a user locks first',
})
@Unique('users_source_user_id_key', ['source_user_id'])
@Check('users_closed_order_cnt_check', 'closed_order_cnt >= 0')
export class User {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Id of the user at the source' })
  source_user_id!: string;

  @Column({ type: 'integer', default: 0, comment: 'Distinct CLOSED orders of the user' })
  closed_order_cnt!: number;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;
}
