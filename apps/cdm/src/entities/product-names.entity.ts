import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'cdm', name: 'product_names', comment: 'The newest name of every product' })
@Index('product_names_spreading', ['product_id'], { where: 'spreading' })
export class ProductName {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the product' })
  product_id!: string;

  @Column({
    type: 'text',
    collation: 'C',
    comment: 'Name of the dish, newest by dictionary time, then the greater name',
  })
  product_name!: string;

  @Column({ type: 'timestamp', comment: 'Time of the dictionary entry that tells the name' })
  valid_from!: string;

  @Column({ type: 'boolean', default: false, comment: 'Whether counters may still show an older name' })
  spreading!: boolean;
}
