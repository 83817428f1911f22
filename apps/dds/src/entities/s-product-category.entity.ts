import { Hashdiff, Parent, Satellite, ValidFrom, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';
import { LProductCategory } from './l-product-category.entity';

@Satellite(
  's_product_category',
  'Сателлит l_product_category: с какого времени так в меню / Satellite of l_product_category: when a menu said so',
)
export class SProductCategory extends VaultRow {
  @Parent(() => LProductCategory, 'Хеш-ключ линка / Hash key of the link')
  hk_product_category_pk!: Digest;

  @ValidFrom('Время записи словаря с этим меню / Time of the dictionary entry with the menu')
  valid_from!: string;

  @Hashdiff('Дайджест названия категории / Digest of the category name', 'category_name')
  hk_product_category_hashdiff!: Digest;
}

export const productCategorySince = rowsOf(
  SProductCategory,
  ({ inCategory, product, validFrom }: ProductFact) => [
    { hk_product_category_pk: inCategory, valid_from: validFrom, category_name: product.category },
  ],
);
