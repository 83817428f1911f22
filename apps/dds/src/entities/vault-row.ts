import { Column } from 'typeorm';

/** What every row of the vault tells about its loading. */
export abstract class VaultRow {
  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;

  @Column({ type: 'text', comment: 'Record source: the topic that the row came from' })
  load_src!: string;
}
