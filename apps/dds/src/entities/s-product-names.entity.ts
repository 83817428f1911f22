import { Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';
import { HProduct } from './h-product.entity';

@Satellite('s_product_names', 'Satellite of h_product: names in the menu through time')
export class SProductNames extends VaultRow {
  @Parent(() => HProduct, 'Hash key of the product')
  h_product_pk!: Digest;

  @Field('text', 'Name of the product in the menu', { personal: false })
  name!: string;

  @ValidFrom('Time of the dictionary entry with the menu')
  valid_from!: string;

  @Hashdiff('Digest of the name')
  hk_product_names_hashdiff!: Digest;
}

export const productNames = rowsOf(SProductNames, ({ key, product, validFrom }: ProductFact) => [
  { h_product_pk: key, name: product.name, valid_from: validFrom },
]);
