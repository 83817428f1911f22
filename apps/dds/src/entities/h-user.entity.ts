import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'h_user', comment: 'Hub of users' })
@Unique('h_user_user_id_key', ['user_id'])
export class HUser extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Business key: id of the user at the source' })
  user_id!: string;
}
