import type { StagedOrder } from './staged-order.contract';

/** A valid message of `stg-service-orders` for tests, with other members of the payload where they are given. */
export function stagedOrder(changes: Partial<StagedOrder['payload']> = {}): StagedOrder {
  return {
    object_id: 322519,
    object_type: 'order',
    sent_dttm: '2022-11-19 16:06:40.25',
    payload: {
      id: 322519,
      order_version: `2022-11-19 16:06:36.000000|2022-11-19 16:06:40.250000|${'0f'.repeat(16)}`,
      date: '2022-11-19 16:06:36',
      update_ts: '2022-11-19 16:06:36',
      cost: 540,
      payment: 540,
      bonus_payment: 0,
      bonus_grant: 15.5,
      status: 'CLOSED',
      statuses: [
        { status: 'CLOSED', dttm: '2022-11-19 16:06:36' },
        { status: 'OPEN', dttm: '2022-11-19 15:26:54' },
      ],
      restaurant: {
        id: '626a81cfefa404208fe9abae',
        name: 'Кофейня №1',
        valid_from: '2022-11-01 00:00:00',
      },
      user: {
        id: '626a81ce9a8cd1920641e296',
        name: 'Котова Ольга Вениаминовна',
        login: 'kotova_42',
        valid_from: '2022-10-01 00:00:00.5',
      },
      products: [
        rollLine({ quantity: 1 }),
        rollLine({ price: 90, quantity: 4, ordered_name: 'Ролл, половина' }),
      ],
      ...changes,
    },
  };
}

/** A line of a product, with other members where they are given. */
export function rollLine(changes: Partial<StagedOrder['payload']['products'][number]> = {}) {
  return {
    id: '6276e8cd0cf48b4cded00878',
    price: 180,
    quantity: 1,
    name: 'РОЛЛ С ТОФУ И ВЯЛЕНЫМИ ТОМАТАМИ',
    ordered_name: 'Ролл',
    category: 'Выпечка',
    valid_from: '2022-11-01 00:00:00',
    ...changes,
  };
}
