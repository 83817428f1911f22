import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity({
  schema: 'operations',
  name: 'forgotten_users',
  comment: 'Users whose names are kept nowhere, and are blanked when they come again',
})
@Unique('forgotten_users_h_user_pk_key', ['h_user_pk'])
export class ForgottenUser {
  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'Id of the user at the source' })
  user_id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the user was forgotten first' })
  forgotten_at!: Date;
}
