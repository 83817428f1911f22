import { BusinessKey, HashKey, Hub, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { UserFact } from '../facts/facts';

@Hub('h_user', 'Хаб гостей / Hub of users')
export class HUser extends UserRow {
  @HashKey('Хеш-ключ гостя / Hash key of the user')
  h_user_pk!: Digest;

  @BusinessKey('text', 'Бизнес-ключ: id гостя в источнике / Business key: id of the user at the source', {
    personal: false,
  })
  user_id!: string;
}

export const userHub = rowsOf(HUser, ({ key, user }: UserFact) => [{ h_user_pk: key, user_id: user.id }]);
