import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';
import { User } from './users.entity';

@Table('cdm.user_tags', 'Теги, которые есть у гостей / The tags that users hold', {
  place: { spreadBy: 'user_id' },
})
@Index('user_tags_tag', ['tag', 'user_id'])
export class UserTag {
  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user', { key: true, references: () => User })
  user_id!: string;

  @Field('text', 'Тег / The tag', { key: true, collation: 'C', personal: false })
  tag!: string;

  @Field('integer', 'Сколько закрытых заказов (CLOSED) дали тег / Distinct CLOSED orders that gave the tag', {
    check: '>= 0',
  })
  order_cnt!: number;

  @Field('timestamptz', 'Когда выдан тег / When the tag was assigned')
  since!: Date;
}
