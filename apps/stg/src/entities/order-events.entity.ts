import { Unique } from 'typeorm/decorator/Unique.js';
import { Field, Table } from '@app/data-vault/columns';
import { StagedVersion } from './staged-version';

@Table('stg.order_events', 'The newest version of every order, payload as received', {
  belongsTo: { order: 'object_id' },
})
@Unique('order_events_object_id_key', ['object_id'])
export class OrderEvent extends StagedVersion {
  @Field('bigint', 'Number of the stored order version, shared with superseded_order_events', {
    key: true,
    default: () => "nextval('stg.order_version_id')",
  })
  id!: string;
}
