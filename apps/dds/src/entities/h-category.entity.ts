import { BusinessKey, HashKey, Hub, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';

@Hub('h_category', 'Хаб категорий блюд / Hub of categories of products')
export class HCategory extends VaultRow {
  @HashKey('Хеш-ключ категории / Hash key of the category')
  h_category_pk!: Digest;

  @BusinessKey('text', 'Бизнес-ключ: название категории / Business key: name of the category', {
    unique: 'md5',
    personal: false,
  })
  category_name!: string;
}

export const categoryHub = rowsOf(HCategory, ({ categoryKey, product }: ProductFact) => [
  { h_category_pk: categoryKey, category_name: product.category },
]);
