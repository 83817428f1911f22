import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'h_category', comment: 'Hub of categories of dishes' })
// Over md5(category_name), which TypeORM cannot express.
@Index('h_category_category_name_key', { synchronize: false })
export class HCategory extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the category' })
  h_category_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Business key: name of the category' })
  category_name!: string;
}
