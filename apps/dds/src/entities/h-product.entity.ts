import { BusinessKey, HashKey, Hub, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';

@Hub('h_product', 'Хаб блюд / Hub of products')
export class HProduct extends VaultRow {
  @HashKey('Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: Digest;

  @BusinessKey('text', 'Бизнес-ключ: id блюда в источнике / Business key: id of the product at the source', {
    personal: false,
  })
  product_id!: string;
}

export const productHub = rowsOf(HProduct, ({ key, product }: ProductFact) => [
  { h_product_pk: key, product_id: product.id },
]);
