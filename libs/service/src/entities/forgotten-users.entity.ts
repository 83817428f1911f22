import { Field, Table } from '@app/data-vault/columns';

@Table(
  'operations.forgotten_users',
  'Users whose names are kept nowhere, and are blanked when they come again',
  { place: 'everywhere' },
)
export class ForgottenUser {
  @Field('text', 'Id of the user at the source', { key: true, collation: 'C', personal: false })
  user_id!: string;

  @Field('uuid', 'Hash key of the user', { unique: true })
  h_user_pk!: string;

  @Field('timestamptz', 'When the user was forgotten first', { default: () => 'now()' })
  forgotten_at!: Date;
}
