import { expect, it } from 'vitest';
import { ordersQuery } from './orders-query';

it('asks for the filters of the charts, and what the figure adds', () => {
  const view = { page: 'orders', period: 'all', restaurant: 'r', category: 'c', status: 'CLOSED' } as const;
  expect(String(ordersQuery(view, {}))).toBe('restaurant_id=r&category=c&status=CLOSED');
});

it('takes of a step that begins before the period only what is in the period', () => {
  const view = {
    page: 'orders',
    period: '7',
    since: '2024-02-26 00:00:00',
    until: '2024-03-04 00:00:00',
  } as const;
  const query = ordersQuery(view, { from: '2024-02-28', to: '2024-03-06' });
  expect(query.get('from')).toBe('2024-02-28');
  expect(query.get('to')).toBe('2024-03-04 00:00:00');
  const first = ordersQuery({ ...view, since: '2024-02-28 00:00:00' }, { from: '2024-02-28' });
  expect(first.get('from')).toBe('2024-02-28 00:00:00');
});
