import { describe, expect, it } from 'vitest';
import { formatSourceTime, parseSourceTime } from './source-time';

describe('source time', () => {
  it.each(['2023-08-05 06:28:54', '2024-02-29 23:59:59', '1969-12-31 23:59:58'])(
    'reads and writes %s',
    (text) => {
      expect(formatSourceTime(parseSourceTime(text)!)).toBe(text);
    },
  );

  it('cuts off a part of a second', () => {
    expect(formatSourceTime(Date.UTC(2024, 0, 1, 0, 0, 0, 999))).toBe('2024-01-01 00:00:00');
  });

  it.each(['2023-02-29 00:00:00', '2024-01-01', '2024-01-01T00:00:00', '2024-01-01 24:00:00', 'now', ''])(
    'does not read "%s"',
    (text) => {
      expect(parseSourceTime(text)).toBeUndefined();
    },
  );
});
