import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';
import { User } from './users.entity';

@Table('cdm.user_tags', 'The tags that users hold', { place: { spreadBy: 'user_id' } })
@Index('user_tags_tag', ['tag', 'user_id'])
export class UserTag {
  @Field('uuid', 'Hash key of the user', { key: true, references: () => User })
  user_id!: string;

  @Field('text', 'The tag', { key: true, collation: 'C', personal: false })
  tag!: string;

  @Field('integer', 'Distinct CLOSED orders that gave the tag', { check: '>= 0' })
  order_cnt!: number;

  @Field('timestamptz', 'When the tag was assigned')
  since!: Date;
}
