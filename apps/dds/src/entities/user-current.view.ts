import { Column, ViewEntity } from 'typeorm';

/** The newest name and login of every user. (`@Column`, because `@ViewColumn` has neither type nor comment.) */
@ViewEntity({ schema: 'dds', name: 'user_current', synchronize: false })
export class UserCurrent {
  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Id of the user at the source' })
  user_id!: string;

  @Column({ type: 'text', comment: 'Newest name of the user' })
  username!: string;

  @Column({ type: 'text', comment: 'Login in the same dictionary entry, if it tells one' })
  userlogin!: string | null;

  @Column({ type: 'timestamp', comment: 'Time of that dictionary entry' })
  valid_from!: string;
}
