import { Unique } from 'typeorm/decorator/Unique.js';
import { Field, Table } from '@app/data-vault/columns';
import { StagedVersion } from './staged-version';

@Table(
  'stg.superseded_order_events',
  'The order versions that are not the newest of their order: with order_events, every version once',
  { belongsTo: { order: 'object_id' } },
)
@Unique('superseded_order_events_version_key', ['object_id', 'order_version'])
export class SupersededOrderEvent extends StagedVersion {
  @Field('bigint', 'Number of the stored order version, shared with order_events', {
    key: true,
    default: () => "nextval('stg.order_version_id')",
  })
  id!: string;
}
