import { describe, expect, it } from 'vitest';
import { valueParts } from './value-parts';

const message =
  '{"object_id": 1, "payload": {"order_items": [{"price": 10}, {"price": -1, "name": "a]b.c"}]}}';

describe('the field that breaks a rule', () => {
  it.each([
    ['object_id', '1'],
    ['payload.order_items[1].price', '-1'],
    ['payload.order_items[1].name', '"a]b.c"'],
    ['payload.order_items[1].quantity', '{"price": -1, "name": "a]b.c"}'],
    ['sent_dttm', ''],
  ])('%s is marked', (field, marked) => {
    const parts = valueParts(message, field);
    expect(parts.marked).toBe(marked);
    expect(parts.before + parts.marked + parts.after).toBe(message);
    expect(parts.isCut).toBe(false);
  });

  it('is found in what is no whole JSON, and is no field where there is none', () => {
    expect(valueParts('{"a": {"b": 5', 'a.b').marked).toBe('5');
    expect(valueParts('nonsense', 'a.b')).toEqual({
      before: '',
      marked: '',
      after: 'nonsense',
      isCut: false,
    });
    expect(valueParts('', null)).toEqual({ before: '', marked: '', after: '', isCut: false });
  });

  it('is in the part of a long message that is shown', () => {
    const long = `{"note": "${'x'.repeat(1_000_000)}", "price": -1, "more": "${'y'.repeat(1_000_000)}"}`;
    const parts = valueParts(long, 'price');
    expect(parts).toMatchObject({ marked: '-1', isCut: true });
    expect(parts.before.length + parts.marked.length + parts.after.length).toBe(20_000);
    expect(long).toContain(parts.before + parts.marked + parts.after);
  });

  it('is shown with what is before it where a long message ends behind it', () => {
    const parts = valueParts(`{"note": "${'x'.repeat(1_000_000)}", "price": -1}`, 'price');
    expect(parts).toMatchObject({ marked: '-1', after: '}', isCut: true });
    expect(parts.before).toHaveLength(20_000 - 3);
  });

  it('is itself cut where it is long', () => {
    const parts = valueParts(`{"note": "${'x'.repeat(1_000_000)}"}`, 'note');
    expect(parts.marked).toHaveLength(2_000);
    expect(parts.after.startsWith('x')).toBe(true);
  });
});
