import { FORGOTTEN_NAME, Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { UserFact } from '../facts/facts';
import { HUser } from './h-user.entity';

@Satellite('s_user_names', 'Satellite of h_user: names and logins through time')
export class SUserNames extends UserRow {
  @Parent(() => HUser, 'Hash key of the user')
  h_user_pk!: Digest;

  @Field('text', 'Name of the user', { personal: { blankedTo: FORGOTTEN_NAME } })
  username!: string;

  @Field('text', 'Login of the user, if the dictionary tells one', {
    nullable: true,
    personal: { blankedTo: 'NULL' },
  })
  userlogin!: string | null;

  @ValidFrom('Time of the dictionary entry')
  valid_from!: string;

  @Hashdiff('Digest of username and userlogin')
  hk_user_names_hashdiff!: Digest;
}

export const userNames = rowsOf(SUserNames, ({ key, user, validFrom }: UserFact) => [
  { h_user_pk: key, username: user.name, userlogin: user.login, valid_from: validFrom },
]);
