import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.counted_batches',
  'How often the marts have changed by orders: who keeps an answer knows by it whether the answer still holds',
)
export class CountedBatches {
  @Field('integer', 'Partition of the topic that the orders came from', { key: true })
  partition!: number;

  @Field('bigint', 'Batches of it that changed the ledger')
  batch_cnt!: string;

  @Field('timestamptz', 'When the last of them was counted')
  counted_at!: Date;
}
