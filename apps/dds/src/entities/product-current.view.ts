import { Column, ViewEntity } from 'typeorm';

/** The newest name and category of every product. (`@Column`, because `@ViewColumn` has neither type nor comment.) */
@ViewEntity({ schema: 'dds', name: 'product_current', synchronize: false })
export class ProductCurrent {
  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Id of the dish at the source' })
  product_id!: string;

  @Column({ type: 'text', comment: 'Newest name of the dish in a menu' })
  name!: string;

  @Column({ type: 'timestamp', comment: 'Time of the dictionary entry that tells the name' })
  valid_from!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the newest category' })
  h_category_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Name of the newest category' })
  category_name!: string;
}
