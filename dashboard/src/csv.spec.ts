import { expect, it } from 'vitest';
import { csv } from './csv';

it('writes what spreadsheets read', () => {
  const rows = [
    ['dish', 'orders', 'share'],
    ['Борщ «Киевский», с "пампушками"', 12, 0.25],
    ['=1+1', -3, null],
  ];
  expect(csv(rows)).toBe(
    '\uFEFFdish,orders,share\r\n"Борщ «Киевский», с ""пампушками""",12,0.25\r\n\'=1+1,-3,\r\n',
  );
});
