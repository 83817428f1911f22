import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HUser } from './h-user.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_user_names',
  comment: 'Satellite of h_user: names and logins through time',
})
export class SUserNames extends VaultRow {
  @ForeignKey(() => HUser, { name: 's_user_names_h_user_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;

  @Column({ type: 'text', comment: 'Name of the user' })
  username!: string;

  @Column({ type: 'text', nullable: true, comment: 'Login of the user, if the dictionary tells one' })
  userlogin!: string | null;

  @PrimaryColumn({ type: 'timestamp', comment: 'Time of the dictionary entry' })
  valid_from!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Digest of username and userlogin' })
  hk_user_names_hashdiff!: string;
}
