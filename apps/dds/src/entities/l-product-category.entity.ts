import { HashKey, Link, Parent, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';
import { HProduct } from './h-product.entity';
import { HCategory } from './h-category.entity';

@Link(
  'l_product_category',
  'Линк: блюдо стояло в меню в этой категории / Link: a menu listed a product under a category',
)
export class LProductCategory extends VaultRow {
  @HashKey('Хеш-ключ линка / Hash key of the link')
  hk_product_category_pk!: Digest;

  @Parent(() => HProduct, 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: Digest;

  @Parent(() => HCategory, 'Хеш-ключ категории / Hash key of the category')
  h_category_pk!: Digest;
}

export const productCategory = rowsOf(LProductCategory, ({ key, inCategory, categoryKey }: ProductFact) => [
  {
    hk_product_category_pk: inCategory,
    h_product_pk: key,
    h_category_pk: categoryKey,
  },
]);
