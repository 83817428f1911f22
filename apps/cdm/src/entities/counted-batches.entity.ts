import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.counted_batches',
  'Сколько раз заказы меняли витрины: если числа прежние, сохранённый ответ ещё верен / How often orders changed the marts: while the numbers stay, a cached answer is still valid',
)
export class CountedBatches {
  @Field(
    'integer',
    'Партиция топика, из которой пришли заказы / Partition of the topic that the orders came from',
    { key: true },
  )
  partition!: number;

  @Field('bigint', 'Сколько её пакетов изменили реестр / Batches of the partition that changed the ledger')
  batch_cnt!: string;

  @Field('timestamptz', 'Когда учтён последний из них / When the last of them was counted')
  counted_at!: Date;
}
