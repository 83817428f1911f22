import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { User } from './users.entity';

@Entity({
  schema: 'cdm',
  name: 'user_tag_events',
  comment: 'Every assignment and revocation of a tag, in order per user',
})
@Unique('user_tag_events_number_key', ['user_id', 'event_number'])
@Index('user_tag_events_unpublished', ['user_id', 'event_number'], { where: 'published_at IS NULL' })
@Check('user_tag_events_event_check', "event IN ('assigned', 'revoked')")
export class UserTagEvent {
  @PrimaryColumn({ type: 'uuid', comment: 'UUID version 5 over user and number' })
  event_id!: string;

  @ForeignKey(() => User, { name: 'user_tag_events_user_id_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @Column({ type: 'bigint', comment: "Number of the event among the user's, from 1" })
  event_number!: string;

  @Column({ type: 'text', comment: 'assigned or revoked' })
  event!: 'assigned' | 'revoked';

  @Column({ type: 'text', collation: 'C', comment: 'Id of the user at the source' })
  source_user_id!: string;

  @Column({ type: 'text', comment: 'The tag' })
  tag!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders at that moment' })
  order_cnt!: number;

  @Column({ type: 'timestamptz', comment: 'When it happened' })
  at!: Date;

  @Column({
    type: 'timestamptz',
    nullable: true,
    comment: 'When the broker acknowledged the event; empty: not yet',
  })
  published_at!: Date | null;
}
