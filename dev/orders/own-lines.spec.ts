import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownLines } from './own-lines';

describe('ownLines', () => {
  it('parts entries of the dictionary from messages, which stay as they are', () => {
    const text = '{"_id":"u1","name":"Olga"}\r\n\n{ "object_id": 1 }\n{"broken"\nnull\n{"_id":7}\n';
    expect(ownLines(text)).toEqual({
      entries: [{ key: 'u1', value: '{"_id":"u1","name":"Olga"}' }],
      messages: ['{ "object_id": 1 }', '{"broken"', 'null', '{"_id":7}'],
    });
  });

  it('reads the order of the tour', () => {
    const { entries, messages } = ownLines(readFileSync(new URL('one-order.jsonl', import.meta.url), 'utf8'));
    expect(entries.map(({ key }) => key)).toEqual(['u1', 'r1']);
    expect(messages.map((message) => (JSON.parse(message) as { object_id: number }).object_id)).toEqual([1]);
  });
});
