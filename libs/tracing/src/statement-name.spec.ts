import { expect, it } from 'vitest';
import { statementName } from './statement-name';

it.each([
  [{ name: 'insert_orders', text: 'INSERT INTO t' }, 'insert_orders'],
  [{ text: '\n      select 1' }, 'SELECT'],
  ['BEGIN ISOLATION LEVEL READ COMMITTED; x', 'BEGIN'],
  ['', 'statement'],
])('the span of %o is called %s', (statement, name) => {
  expect(statementName(statement)).toBe(name);
});
