import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'stg',
  name: 'dictionary_entries',
  comment:
    'Every version of every user and restaurant entry that was used, as received: the history that Redis does not keep',
})
@Index('dictionary_entries_newest', ['entry_key', 'entry_kind', 'valid_from'])
@Index('dictionary_entries_first_untimed', ['entry_key', 'entry_kind'], {
  unique: true,
  where: "NOT timed AND valid_from = '1970-01-01'",
})
@Check('dictionary_entries_entry_kind_check', "entry_kind IN ('user', 'restaurant')")
export class DictionaryEntry {
  @PrimaryColumn({ type: 'uuid', comment: 'UUID version 5 over kind, key and text of the entry' })
  entry_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'user or restaurant' })
  entry_kind!: 'user' | 'restaurant';

  @Column({
    type: 'text',
    collation: 'C',
    comment: 'Key in Redis: the id of the user or restaurant at the source',
  })
  entry_key!: string;

  @Column({
    type: 'timestamp',
    comment:
      'Time that the entry tells; without one, 1970-01-01 for the first entry of a key and the moment it was first seen (UTC) for later ones',
  })
  valid_from!: string;

  @Column({ type: 'boolean', comment: 'Whether the entry tells its time itself' })
  timed!: boolean;

  @Column({ type: 'json', comment: 'The value of the key, as received' })
  entry!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;
}
