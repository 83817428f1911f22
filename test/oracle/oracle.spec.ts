import { describe, expect, it } from 'vitest';
import { tableDifferences } from './differences';
import { expectedOf } from './expected';
import { deadLetters, steps, tables, topic } from './hand-written-case';
import { canonicalJson, NotJson, parseJson, plainDecimal } from './json';
import { judge } from './source-message';
import { shortTime, sourceTime } from './source-time';

describe('the oracle', () => {
  it('expects of a small history what one writes by hand', () => {
    const expected = expectedOf(topic, steps);
    expect(tableDifferences(tables, expected.tables)).toEqual([]);
    expect(tableDifferences(expected.tables, tables)).toEqual([]);
    expect(
      expected.deadLetters.map(({ message: { partition, offset }, reason }) => [partition, offset, reason]),
    ).toEqual(deadLetters);
    expect([...expected.stagedOrders.values()].map(({ key }) => key)).toEqual(['u1', 'u1', 'u1']);
    expect(expected.vaultDeadLetters).toEqual(new Map());
  });

  it('does not depend on the order of messages within a step, but for what came first', () => {
    const shuffled = steps.map(({ dictionary, messages: [first, ...others] }) => ({
      dictionary,
      messages: [first!, ...others.toReversed()],
    }));
    expect(tableDifferences(tables, expectedOf(topic, shuffled).tables)).toEqual([]);
  });

  it.each([
    '{}',
    ' [1,\t2] ',
    '"\\u00e9\\n\\"\\/"',
    '-0.5e+3',
    '{"a":{"b":[null,true,false]},"a":1}',
    '"👩‍🍳"',
  ])('reads %j as JSON.parse does, and keeps its text', (text) => {
    const { value, unstorable } = parseJson(text);
    expect(value.text).toBe(text.trim());
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(text));
    expect(unstorable).toBe(false);
  });

  it.each([
    '',
    '{',
    '[1,]',
    '01',
    '1.',
    '.5',
    '+1',
    "'a'",
    '"\u0001"',
    '"\\x"',
    '"\\u12g4"',
    'nul',
    '{} {}',
    '\u00a0{}',
    '{"a"}',
  ])('takes %j for no JSON, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(NotJson);
  });

  it.each(['"\\u0000"', '{"\\ud800":1}', '["\\udc00\\ud800"]', '{"a":"\\ud800","a":1}'])(
    'sees that %j cannot be stored',
    (text) => {
      expect(parseJson(text).unstorable).toBe(true);
    },
  );

  it.each([
    ['0', '0'],
    ['-0.000', '0'],
    ['0e999999999999', '0'],
    ['1.50', '1.5'],
    ['150e-1', '15'],
    ['1.5E+2', '150'],
    ['12e-4', '0.0012'],
    ['-100', '-100'],
    ['9223372036854775807', '9223372036854775807'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['1e999999999999', undefined],
    ['1e-999999999999', undefined],
  ])('reads the number %s as %s', (literal, plain) => {
    expect(plainDecimal(literal)).toBe(plain);
  });

  it.each([
    ['2024-02-29 23:59:59', '2024-02-29 23:59:59'],
    ['2024-02-29T23:59:59.1', '2024-02-29 23:59:59.1'],
    ['2024-01-01 00:00:00.100000', '2024-01-01 00:00:00.1'],
    ['0001-01-01 00:00:00', '0001-01-01 00:00:00'],
    ['2023-02-29 00:00:00', undefined],
    ['2024-04-31 00:00:00', undefined],
    ['2024-01-01 24:00:00', undefined],
    ['2024-01-01 00:00:60', undefined],
    ['0000-01-01 00:00:00', undefined],
    ['2024-01-01 00:00:00Z', undefined],
    ['2024-01-01 00:00:00.1234567', undefined],
    ['2024-01-01', undefined],
  ])('reads the time %s as %s', (text, short) => {
    const time = sourceTime(text);
    expect(time && shortTime(time)).toBe(short);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['not_utf8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['invalid_json', Buffer.from('\uFEFF{}')],
    ['invalid_json', Buffer.from('[]')],
    ['invalid_json', Buffer.from(`{"a":${'['.repeat(500)}${']'.repeat(500)}}`)],
    ['invalid_text', Buffer.from('{"object_type":"\\u0000"}')],
    ['invalid_message', Buffer.from('{"object_type":1}')],
    ['invalid_message', Buffer.from('{"object_type":"order","payload":[]}')],
  ])('refuses as %s', (reason, value) => {
    expect(judge(value)).toEqual({ kind: 'refused', reason });
  });
});
