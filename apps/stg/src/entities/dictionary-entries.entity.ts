import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'stg.dictionary_entries',
  'Every version of every user and restaurant entry that was used, as received: the history that Redis does not keep',
  { belongsTo: { user: 'entry_key', where: { entry_kind: 'user' } } },
)
@Index('dictionary_entries_newest', ['entry_key', 'entry_kind', 'valid_from'])
@Index('dictionary_entries_first_untimed', ['entry_key', 'entry_kind'], {
  unique: true,
  where: "NOT timed AND valid_from = '1970-01-01'",
})
export class DictionaryEntry {
  @Field('uuid', 'UUID version 5 over kind, key and text of the entry', { key: true })
  entry_pk!: string;

  @Field('text', 'user or restaurant', {
    collation: 'C',
    check: "IN ('user', 'restaurant')",
    personal: false,
  })
  entry_kind!: 'user' | 'restaurant';

  @Field('text', 'Key in Redis: the id of the user or restaurant at the source', {
    collation: 'C',
    personal: false,
  })
  entry_key!: string;

  @Field(
    'timestamp',
    'Time of the entry; without one, 1970-01-01 for the first entry of a key and the moment it was first seen (UTC) for later ones',
  )
  valid_from!: string;

  @Field('boolean', 'Whether the entry has its time itself')
  timed!: boolean;

  @Field('json', 'The value of the key, as received', {
    personal: { blankedTo: 'operations.blank_entry(entry_key, entry)' },
  })
  entry!: string;

  @Field('timestamptz', 'When the row was loaded', { default: () => 'now()' })
  load_dt!: Date;
}
