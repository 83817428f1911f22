import { BadRequestException, NotFoundException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { InvalidInput } from './input.pipe';
import { problemOf } from './problem';

it('names every field of bad input', () => {
  const errors = [
    { field: 'tag', message: 'is missing' },
    { field: 'match.category', message: 'must be a text, got 5' },
  ];
  expect(problemOf(new InvalidInput(errors))).toEqual({
    type: 'urn:order-vault:invalid-input',
    title: 'Bad Request',
    status: 400,
    detail: 'tag is missing; match.category must be a text, got 5',
    errors,
  });
});

it('says what an HTTP exception says', () => {
  expect(problemOf(new NotFoundException('there is no such rule'))).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'there is no such rule',
  });
  const malformed = new BadRequestException('Unexpected end', { cause: new SyntaxError() });
  expect(problemOf(malformed).detail).toBe('the body is no valid JSON: Unexpected end');
});

it.each([
  ['a refused connection', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 503],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 503],
  ['a shutdown of the database', Object.assign(new Error('secret'), { code: '57P01' }), 503],
  ['a deadlock', Object.assign(new Error('secret'), { code: '40P01' }), 503],
  ['a statement that takes too long', Object.assign(new Error('secret'), { code: '57014' }), 503],
  ['refused data', Object.assign(new Error('secret'), { code: '22P02' }), 500],
  ['a defect', new TypeError('secret'), 500],
])('%s is no fault of who asked, and its words stay inside', (_, error, status) => {
  const problem = problemOf(error);
  expect(problem.status).toBe(status);
  expect(problem.detail).not.toContain('secret');
});
