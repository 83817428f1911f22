import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { contextOf, headersOf, type Message } from './message-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;

const message = (...headers: [name: string, value: string | null][]): Message => ({
  topic: 't',
  partition: 0,
  offset: '7',
  timestamp: '1691820435000',
  headers: headers.map(([name, value]) => [Buffer.from(name), value === null ? null : Buffer.from(value)]),
});
const spanContext = (...headers: [string, string | null][]) =>
  trace.getSpanContext(contextOf(message(...headers)));

describe('contextOf', () => {
  it('is that of the headers of W3C Trace Context, among others', () => {
    const context = spanContext(['a', 'b'], ['traceparent', PARENT], ['tracestate', 'vendor=1,other=2']);
    expect(context).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(context!.traceState!.serialize()).toBe('vendor=1,other=2');
  });

  it('takes a later version, with more behind it', () => {
    expect(spanContext(['traceparent', `01-${TRACE}-${SPAN}-00-more`])).toMatchObject({ traceFlags: 0 });
  });

  it.each([
    ['none', []],
    ['no value', [['traceparent', null]]],
    ['an empty one', [['traceparent', '']]],
    ['another text', [['traceparent', 'x'.repeat(55)]]],
    ['capital letters', [['traceparent', PARENT.toUpperCase()]]],
    ['zeros', [['traceparent', `00-${'0'.repeat(32)}-${SPAN}-01`]]],
    ['more than its version has', [['traceparent', `${PARENT}-more`]]],
    ['a version that is never', [['traceparent', PARENT.replace('00', 'ff')]]],
    ['a long one', [['traceparent', `01-${TRACE}-${SPAN}-01-${'x'.repeat(1_000_000)}`]]],
    [
      'two',
      [
        ['traceparent', PARENT],
        ['traceparent', PARENT],
      ],
    ],
    ['another name', [['Traceparent', PARENT]]],
  ] as [string, [string, string | null][]][])('is nothing where there is %s', (_, headers) => {
    expect(contextOf(message(...headers))).toBe(ROOT_CONTEXT);
  });

  it('leaves out a state that is too long, or comes twice, or is none', () => {
    for (const states of [
      [`a=${'x'.repeat(511)}`],
      ['a=1', 'b=2'],
      ['\0\r\n'],
      [Array.from({ length: 33 }, (_, place) => `k${place}=1`).join(',')],
    ]) {
      const headers = states.map((state): [string, string] => ['tracestate', state]);
      const state = spanContext(['traceparent', PARENT], ...headers)!.traceState;
      expect(state?.serialize().length ?? 0).toBeLessThanOrEqual(512);
      expect(state?.serialize() ?? '').toMatch(/^(k\d+=1,?)*$/);
    }
  });
});

it('headersOf is what contextOf reads', () => {
  const context = spanContext(['traceparent', PARENT], ['tracestate', 'vendor=1'])!;
  const headers = headersOf(context).map(([name, value]) => [String(name), String(value)]);
  expect(headers).toEqual([
    ['traceparent', PARENT],
    ['tracestate', 'vendor=1'],
  ]);
});
