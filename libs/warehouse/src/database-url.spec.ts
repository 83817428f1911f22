import { describe, expect, it } from 'vitest';
import { isDatabaseUrl } from './database-url';

describe('isDatabaseUrl', () => {
  it.each([
    'postgres://user:password@host:5432/database',
    'postgresql://user@host/database',
    'postgres://user:p%40%2F%23%25@host:5432/database?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres://user:p@ss@host/database', // the last one ends the password, as for the driver
  ])('accepts %s', (url) => expect(isDatabaseUrl(url)).toBe(true));

  // Of each, a part of the password would be taken for host, port, database or setting.
  it.each(['a/b', 'a#b', 'a?b', '1/b', '1#b', '1?b', 'a@b/c', 'a@b#c', 'a@b?c', 'a@b/c?d', 'a@b/c#d', 'a%b'])(
    'refuses a password with characters that are not encoded: %s',
    (password) => expect(isDatabaseUrl(`postgres://user:${password}@host:5432/database`)).toBe(false),
  );

  it.each([
    '',
    'host:5432/database',
    'mysql://user@host/database',
    'postgres://user@host',
    'postgres://host/',
  ])('refuses %j', (text) => expect(isDatabaseUrl(text)).toBe(false));
});
