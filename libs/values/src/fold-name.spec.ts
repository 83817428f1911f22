import { expect, it } from 'vitest';
import { foldName } from './fold-name';

it.each([
  ['ПИЦЦЕТТА С ЁЖИКОМ', 'пиццетта с ежиком'],
  ['пицце́тта', 'пицце́тта'],
  ['Ёлка', 'елка'],
  ['Е\u0308лка', 'елка'],
  ['Йогурт', 'йогурт'],
  ['И\u0306огурт', 'йогурт'],
  ['CAFÉ', 'café'],
])('%s is %s', (name, folded) => {
  expect(foldName(name)).toBe(folded);
});
