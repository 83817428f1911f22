import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.product_names', 'The newest name of every product', { place: 'everywhere' })
@Index('product_names_spreading', ['product_id'], { where: 'spreading' })
export class ProductName {
  @Field('uuid', 'Hash key of the product', { key: true })
  product_id!: string;

  @Field('text', 'Name of the product, newest by dictionary time, then the greater name', {
    collation: 'C',
    personal: false,
  })
  product_name!: string;

  @Field('timestamp', 'Time of the dictionary entry that tells the name')
  valid_from!: string;

  @Field('boolean', 'Whether counters may still show an older name', { default: false })
  spreading!: boolean;
}
