import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './parse-redis-url';

const server = {
  kind: 'server',
  isEncrypted: false,
  hosts: [{ host: 'h', port: 6379 }],
  username: undefined,
  password: undefined,
  database: 0,
  family: 0,
  master: undefined,
  sentinelUsername: undefined,
  sentinelPassword: undefined,
};
const [one, two] = [
  { host: 'h1', port: 6379 },
  { host: 'h2', port: 7000 },
];

describe('parseRedisUrl', () => {
  it.each([
    ['redis://h', {}],
    ['REDIS://h:6379/', {}],
    ['rediss://h', { isEncrypted: true }],
    ['redis://h:7000/12', { hosts: [{ host: 'h', port: 7000 }], database: 12 }],
    ['redis://h?db=3&family=6', { database: 3, family: 6 }],
    ['redis://:secret@h', { password: 'secret' }],
    ['redis://me@h', { username: 'me' }],
    ['redis://me:se%25c%40r%3Aet%2F@h', { username: 'me', password: 'se%c@r:et/' }],
    ['redis://me:a:b@c@h', { username: 'me', password: 'a:b@c' }],
    ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
    ['redis://[fe80::a]', { hosts: [{ host: 'fe80::a', port: 6379 }] }],
  ])('%s is a server', (url, differences) => {
    expect(parseRedisUrl(url)).toEqual({ ...server, ...differences });
  });

  it.each([
    ['redis+cluster://h1,h2:7000', {}],
    ['rediss+cluster://me:secret@h1,h2:7000/', { isEncrypted: true, username: 'me', password: 'secret' }],
    ['redis+cluster://h1,h2:7000/0', {}],
    ['redis+cluster://h', { hosts: server.hosts }],
    ['redis+cluster://[::1],h2:7000', { hosts: [{ host: '::1', port: 6379 }, two] }],
  ])('%s is a cluster', (url, differences) => {
    expect(parseRedisUrl(url)).toEqual({ ...server, kind: 'cluster', hosts: [one, two], ...differences });
  });

  it.each([
    ['redis+sentinel://h1:6379,h2:7000/mymaster', {}],
    ['redis+sentinel://h1/mymaster', { hosts: [{ host: 'h1', port: 26379 }] }],
    [
      'rediss+sentinel://:secret@h1:6379,h2:7000/mymaster/2',
      { isEncrypted: true, password: 'secret', database: 2 },
    ],
    [
      'redis+sentinel://h1:6379,h2:7000/my%20master?sentinel_username=a&sentinel_password=b%40',
      { master: 'my master', sentinelUsername: 'a', sentinelPassword: 'b@' },
    ],
  ])('%s is a master that sentinels watch over', (url, differences) => {
    expect(parseRedisUrl(url)).toEqual({
      ...server,
      kind: 'sentinel',
      hosts: [one, two],
      master: 'mymaster',
      ...differences,
    });
  });

  it.each([
    '',
    'localhost:6379',
    'http://h',
    'redis://',
    'redis:h',
    'redis://h:0',
    'redis://h:99999',
    'redis://h:port',
    'redis://h1,h2',
    'redis://h/one',
    'redis://h/1/2',
    'redis://h/-1',
    'redis://me:100%@h',
    'redis://::1',
    'redis://h?keyPrefix=a',
    'redis+cluster://',
    'redis+cluster://h1,',
    'redis+cluster://h/1',
    'redis+cluster://h?db=0',
    'redis+sentinel://h',
    'redis+sentinel://h/',
    'redis+sentinel://h/mymaster/one',
    'redis+sentinel://h/mymaster/1/2',
    'redis+proxy://h',
  ])('"%s" is none', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});
