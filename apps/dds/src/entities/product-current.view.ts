import { Field, View } from '@app/data-vault/columns';

@View(
  'dds.product_current',
  'Новейшие название и категория каждого блюда / The newest name and category of every product',
)
export class ProductCurrent {
  @Field('uuid', 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: string;

  @Field('text', 'Id блюда в источнике / Id of the product at the source', {
    collation: 'C',
    personal: false,
  })
  product_id!: string;

  @Field('text', 'Новейшее название блюда в меню / Newest name of the product in a menu', { personal: false })
  name!: string;

  @Field('timestamp', 'Время записи словаря с этим названием / Time of the dictionary entry with the name')
  valid_from!: string;

  @Field('uuid', 'Хеш-ключ новейшей категории / Hash key of the newest category')
  h_category_pk!: string;

  @Field('text', 'Название новейшей категории / Name of the newest category', {
    collation: 'C',
    personal: false,
  })
  category_name!: string;
}
