import { FORGOTTEN_NAME, Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { UserFact } from '../facts/facts';
import { HUser } from './h-user.entity';

@Satellite(
  's_user_names',
  'Сателлит h_user: история имён и логинов / Satellite of h_user: names and logins through time',
)
export class SUserNames extends UserRow {
  @Parent(() => HUser, 'Хеш-ключ гостя / Hash key of the user')
  h_user_pk!: Digest;

  @Field('text', 'Имя гостя / Name of the user', { personal: { blankedTo: FORGOTTEN_NAME } })
  username!: string;

  @Field('text', 'Логин гостя, если он есть в словаре / Login of the user, if the dictionary has one', {
    nullable: true,
    personal: { blankedTo: 'NULL' },
  })
  userlogin!: string | null;

  @ValidFrom('Время записи словаря / Time of the dictionary entry')
  valid_from!: string;

  @Hashdiff('Дайджест username и userlogin / Digest of username and userlogin')
  hk_user_names_hashdiff!: Digest;
}

export const userNames = rowsOf(SUserNames, ({ key, user, validFrom }: UserFact) => [
  { h_user_pk: key, username: user.name, userlogin: user.login, valid_from: validFrom },
]);
