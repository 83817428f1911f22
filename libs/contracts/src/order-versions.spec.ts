import { expect, it } from 'vitest';
import { nameOnMenu, orderVersions } from './order-versions';

it('joins what layers have of the versions of an order', () => {
  const [one, two, three] = ['1', '2', '3'].map((version) => ({ version }));
  expect(orderVersions([three!, two!], [one!, three!])).toEqual([
    { version: '1', staged: undefined, vaulted: one, before: undefined },
    { version: '2', staged: two, vaulted: undefined, before: one },
    { version: '3', staged: three, vaulted: three, before: one },
  ]);
});

it('finds the name of the menu that was used', () => {
  const names = [
    { product_id: 'd1', valid_from: '2024-01-01', name: 'Borscht' },
    { product_id: 'd1', valid_from: '2024-02-01', name: 'Beetroot soup' },
  ];
  const entries = [{ kind: 'restaurant', valid_from: '2024-02-01' }];
  expect(nameOnMenu('d1', { entries, earlier_menus: {} }, names)?.name).toBe('Beetroot soup');
  expect(nameOnMenu('d1', { entries, earlier_menus: { d1: '2024-01-01' } }, names)?.name).toBe('Borscht');
  expect(nameOnMenu('d2', { entries, earlier_menus: {} }, names)).toBeUndefined();
});
