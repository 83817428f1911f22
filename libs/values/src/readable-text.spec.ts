import { expect, it } from 'vitest';
import { readableBytes, readableText } from './readable-text';

it('shows text as it is, in any script, and commands as escapes', () => {
  expect(readableText('Борщ <b>\n\t🍲')).toBe('Борщ <b>\n\t🍲');
  expect(readableText('\u001b[31m red\r\0')).toBe('\\u{1b}[31m red\\u{d}\\u{0}');
  expect(readableText('a\u202eb\u200bc\u2066d')).toBe('a\\u{202e}b\\u{200b}c\\u{2066}d');
  expect(readableText('\ud800')).toBe('\\u{d800}');
});

it('shows bytes that are no text', () => {
  expect(readableBytes(Uint8Array.from([0x7b, 0xff, 0x00, 0x0a, 0x3c, 0x7f]))).toBe('{\\xff\\x00\n<\\x7f');
});
