import { beforeEach, expect, it } from 'vitest';
import { Refusals } from './refusals';

let refusals: Refusals;
beforeEach(() => {
  refusals = new Refusals();
});

const messages = (...texts: string[]) => texts.map((text) => Buffer.from(text));

it('blames three different messages, and the server from the fourth on', () => {
  expect(refusals.areTooMany('23514', messages('a', 'b', 'c'))).toBe(false);
  expect(refusals.areTooMany('23514', messages('d'))).toBe(true);
});

it('takes a message that is repeated for one', () => {
  expect(refusals.areTooMany('23514', messages(...Array<string>(1_000).fill('a')))).toBe(false);
});

it('counts by reason', () => {
  expect(refusals.areTooMany('23514', messages('a', 'b', 'c'))).toBe(false);
  expect(refusals.areTooMany('22003', messages('d', 'e', 'f'))).toBe(false);
  expect(refusals.areTooMany('23514', messages('g'))).toBe(true);
});

it('begins again when a message is taken', () => {
  refusals.areTooMany('23514', messages('a', 'b', 'c'));
  const { evidence } = refusals;
  refusals.taken();
  expect(refusals.evidence).not.toBe(evidence);
  expect(refusals.areTooMany('23514', messages('d', 'e', 'f'))).toBe(false);
});

it('takes messages without a value for one', () => {
  expect(refusals.areTooMany('23514', [null, null, null, null])).toBe(false);
});
