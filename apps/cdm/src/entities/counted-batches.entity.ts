import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'counted_batches',
  comment:
    'How often the marts have changed by orders: who keeps an answer knows by it whether the answer still holds',
})
export class CountedBatches {
  @PrimaryColumn({ type: 'integer', comment: 'Partition of the topic that the orders came from' })
  partition!: number;

  @Column({ type: 'bigint', comment: 'Batches of it that changed the ledger' })
  batch_cnt!: string;

  @Column({ type: 'timestamptz', comment: 'When the last of them was counted' })
  counted_at!: Date;
}
