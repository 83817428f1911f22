import { describe, expect, it } from 'vitest';
import { readAddress, writeAddress, type View } from './address';

describe('the address', () => {
  it.each<View>([
    { page: 'charts', period: 'all' },
    { page: 'pipeline', period: '7' },
    { page: 'charts', period: 'own', from: '2023-08-01', to: '2023-08-05', step: 'hour' },
    { page: 'charts', period: '30', restaurant: 'a51e & co', category: 'Выпечка' },
    { page: 'charts', period: 'all', rings: ['users', 'orders'] },
    { page: 'orders', period: 'all', rings: ['orders'], status: 'CLOSED' },
    { page: 'tags', period: 'all', show: 'rule', rule: 'a51e' },
    { page: 'tags', period: 'all', show: 'overlap', tags: ['a & b', '<i>'] },
    { page: 'orders', period: '7', product: 'a51e', status: 'CLOSED', of: 'guests' },
    { page: 'orders', period: 'all', since: '2023-08-05 06:00:00', until: '2023-08-05 07:00:00' },
    { page: 'charts', period: '7', knownAt: '2024-03-01T15:00:00Z', trueAt: '2024-03-01 18:00:00' },
    { page: 'orders', period: 'all', trueAt: '2024-03-01 18:00:00' },
    { page: 'order', period: 'all', category: 'a51e', status: 'OPEN', order: '322519' },
  ])('keeps %j', (view) => {
    expect(readAddress(writeAddress(view))).toEqual(view);
  });

  it('is short where nothing is chosen', () => {
    expect(writeAddress({ page: 'charts', period: 'all', restaurant: '' })).toBe('./');
  });

  it('leaves out what makes no sense', () => {
    expect(readAddress('?page=x&period=8&from=2023-08-01&step=year&category=&ring=dishes&ring=')).toEqual({
      page: 'charts',
      period: 'all',
    });
    expect(readAddress('?page=tags&show=all&rule=')).toEqual({ page: 'tags', period: 'all' });
    expect(readAddress('?page=orders&status=closed&since=2023-08-05&until=2023-02-30 25:00:00&of=x')).toEqual(
      {
        page: 'orders',
        period: 'all',
      },
    );
    expect(readAddress('?known_at=2024-02-30T15:00:00Z&true_at=2024-03-01')).toEqual({
      page: 'charts',
      period: 'all',
    });
    expect(readAddress('?known_at=2024-03-01T15:00:00')).toEqual({ page: 'charts', period: 'all' });
    expect(readAddress('?product=a51e&order=1')).toEqual({ page: 'charts', period: 'all' });
    expect(readAddress('?show=rule&tag=a')).toEqual({ page: 'charts', period: 'all' });
    expect(readAddress('?period=own&from=2023-02-30&to=05.08.2023')).toEqual({
      page: 'charts',
      period: 'own',
    });
  });
});
