import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.product_names', 'Новейшее название каждого блюда / The newest name of every product', {
  place: 'everywhere',
})
@Index('product_names_spreading', ['product_id'], { where: 'spreading' })
export class ProductName {
  @Field('uuid', 'Хеш-ключ блюда / Hash key of the product', { key: true })
  product_id!: string;

  @Field(
    'text',
    'Название блюда: новейшее по времени словаря, при равном времени большее / Name of the product: the newest by dictionary time, then the greater name',
    {
      collation: 'C',
      personal: false,
    },
  )
  product_name!: string;

  @Field('timestamp', 'Время записи словаря с этим названием / Time of the dictionary entry with the name')
  valid_from!: string;

  @Field(
    'boolean',
    'В счётчиках ещё может стоять прежнее название / Whether counters may still show an older name',
    { default: false },
  )
  spreading!: boolean;
}
