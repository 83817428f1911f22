import { Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';
import { HProduct } from './h-product.entity';

@Satellite(
  's_product_names',
  'Сателлит h_product: история названий в меню / Satellite of h_product: names in the menu through time',
)
export class SProductNames extends VaultRow {
  @Parent(() => HProduct, 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: Digest;

  @Field('text', 'Название блюда в меню / Name of the product in the menu', { personal: false })
  name!: string;

  @ValidFrom('Время записи словаря с этим меню / Time of the dictionary entry with the menu')
  valid_from!: string;

  @Hashdiff('Дайджест названия / Digest of the name')
  hk_product_names_hashdiff!: Digest;
}

export const productNames = rowsOf(SProductNames, ({ key, product, validFrom }: ProductFact) => [
  { h_product_pk: key, name: product.name, valid_from: validFrom },
]);
