import { Column, ViewEntity } from 'typeorm';

/** The lines of the newest version of every order. (`@Column`, because `@ViewColumn` has neither type nor comment.) */
@ViewEntity({ schema: 'dds', name: 'order_line_current', synchronize: false })
export class OrderLineCurrent {
  @Column({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @Column({ type: 'bigint', comment: 'Id of the order at the source' })
  order_id!: string;

  @Column({ type: 'text', collation: 'C', comment: 'The newest version of the order' })
  order_version!: string;

  @Column({ type: 'integer', comment: 'Place of the line in the order, from 1' })
  line!: number;

  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @Column({ type: 'text', comment: 'Name of the dish as ordered' })
  name!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Price of one' })
  price!: string;

  @Column({ type: 'bigint', comment: 'How many' })
  quantity!: string;

  @Column({ type: 'text', comment: 'Category that the version was enriched with' })
  category_name!: string;
}
