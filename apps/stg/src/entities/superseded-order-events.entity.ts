import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity({
  schema: 'stg',
  name: 'superseded_order_events',
  comment: 'The order versions that are not the newest of their order: with order_events, every version once',
})
@Unique('superseded_order_events_version_key', ['object_id', 'order_version'])
export class SupersededOrderEvent {
  @PrimaryColumn({
    type: 'bigint',
    default: () => "nextval('stg.order_version_id')",
    comment: 'Number of the stored order version, shared with order_events',
  })
  id!: string;

  @Column({ type: 'bigint', comment: 'Id of the order at the source' })
  object_id!: string;

  @Column({ type: 'text', comment: 'Type of the message at the source: order' })
  object_type!: string;

  @Column({ type: 'timestamp', comment: "When the source sent the version, in the source's time zone" })
  sent_dttm!: string;

  @Column({ type: 'json', comment: 'Payload of the message, character for character as received' })
  payload!: string;

  @Column({
    type: 'text',
    collation: 'C',
    comment: 'update_ts, sent_dttm and digest of the message as one text that sorts from older to newer',
  })
  order_version!: string;

  @Column({
    type: 'uuid',
    nullable: true,
    comment: 'Dictionary entry of the user that the version was enriched with; empty while it waits',
  })
  user_entry_pk!: string | null;

  @Column({
    type: 'uuid',
    nullable: true,
    comment: 'Dictionary entry of the restaurant that the version was enriched with; empty while it waits',
  })
  restaurant_entry_pk!: string | null;

  @Column({
    type: 'jsonb',
    nullable: true,
    comment: 'Dish id to dictionary entry, for dishes that were found in an earlier menu of the restaurant',
  })
  earlier_menus!: Record<string, string> | null;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;
}
