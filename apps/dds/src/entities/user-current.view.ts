import { FORGOTTEN_NAME, Field, View } from '@app/data-vault/columns';

@View('dds.user_current', 'Новейшие имя и логин каждого гостя / The newest name and login of every user')
export class UserCurrent {
  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user')
  h_user_pk!: string;

  @Field('text', 'Id гостя в источнике / Id of the user at the source', { collation: 'C', personal: false })
  user_id!: string;

  @Field('text', 'Новейшее имя гостя / Newest name of the user', { personal: { blankedTo: FORGOTTEN_NAME } })
  username!: string;

  @Field(
    'text',
    'Логин в той же записи словаря, если он в ней есть / Login in the same dictionary entry, if it has one',
    { personal: { blankedTo: 'NULL' } },
  )
  userlogin!: string | null;

  @Field('timestamp', 'Время этой записи словаря / Time of that dictionary entry')
  valid_from!: string;
}
