import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from './users.entity';

@Entity({ schema: 'cdm', name: 'user_tags', comment: 'The tags that users hold' })
@Index('user_tags_tag', ['tag', 'user_id'])
@Check('user_tags_order_cnt_check', 'order_cnt > 0')
export class UserTag {
  @ForeignKey(() => User, { name: 'user_tags_user_id_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'The tag' })
  tag!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders that gave the tag' })
  order_cnt!: number;

  @Column({ type: 'timestamptz', comment: 'When the tag was assigned' })
  since!: Date;
}
