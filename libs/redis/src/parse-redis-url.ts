/** Where a Redis is, and how to come in. */
export interface RedisAddress {
  /** One server; a cluster, by some of its nodes; or the master of this name, by sentinels that watch over it. */
  kind: 'server' | 'cluster' | 'sentinel';
  isEncrypted: boolean;
  /** Of the server, of nodes, or of sentinels. */
  hosts: { host: string; port: number }[];
  username?: string;
  password?: string;
  database: number;
  /** 4 or 6 where only such addresses of the host are to be used, else 0. */
  family: number;
  master?: string;
  sentinelUsername?: string;
  sentinelPassword?: string;
}

/** The forms of `REDIS_URL`, for messages; each with `rediss` for TLS. */
export const REDIS_URLS =
  'redis://host:port or rediss://host:port, redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/master';

const SENTINEL_PORT = 26_379;
const PORT = 6_379;
const parameters: Record<RedisAddress['kind'], string[]> = {
  server: ['db', 'family'],
  cluster: [],
  sentinel: ['sentinel_username', 'sentinel_password'],
};

/**
 * Reads `redis://[user:password@]host[:port][/database]`,
 * `redis+cluster://[user:password@]host[:port][,host[:port]...]` and
 * `redis+sentinel://[user:password@]host[:port][,host[:port]...]/master[/database][?sentinel_username=...&sentinel_password=...]`;
 * with `rediss` everything is encrypted. User and password are those of the servers that hold data, percent-encoded.
 * @returns undefined where it is none of these
 */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  const [, scheme, suffix, userinfo = '', authority = '', path = '', query = ''] =
    /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:([^/?#]*)@)?([^/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(
      url,
    ) ?? [];
  const kind = (suffix?.toLowerCase() ?? 'server') as RedisAddress['kind'];
  const given = new URLSearchParams(query);
  const hosts = authority.split(',').map((text) => hostOf(text, kind === 'sentinel' ? SENTINEL_PORT : PORT));
  const [username, password] = userinfo.split(/:(.*)/s, 2).map(decoded);
  const [master, database = given.get('db') ?? '0', ...others] =
    kind === 'sentinel' ? path.split('/').map(decoded) : [undefined, path === '' ? undefined : path];
  const family = given.get('family') ?? '0';
  if (
    scheme === undefined ||
    !isComplete(hosts) ||
    (kind === 'server' && hosts.length > 1) ||
    username === null ||
    password === null ||
    (kind === 'sentinel' && !master) ||
    others.length > 0 ||
    !/^\d{1,9}$/.test(database ?? '') ||
    (kind === 'cluster' && Number(database) !== 0) ||
    !/^[046]$/.test(family) ||
    [...given.keys()].some((name) => !parameters[kind].includes(name))
  ) {
    return undefined;
  }
  return {
    kind,
    isEncrypted: scheme.toLowerCase() === 'rediss',
    hosts,
    username: username || undefined,
    password: password || undefined,
    database: Number(database),
    family: Number(family),
    master: master ?? undefined,
    sentinelUsername: given.get('sentinel_username') ?? undefined,
    sentinelPassword: given.get('sentinel_password') ?? undefined,
  };
}

function isComplete<T>(list: (T | undefined)[]): list is T[] {
  return list.every((one) => one !== undefined);
}

function hostOf(text: string, standard: number): { host: string; port: number } | undefined {
  const [, literal, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:@[\]]+))(?::(\d+))?$/i.exec(text) ?? [];
  const host = literal ?? name;
  const port = digits === undefined ? standard : Number(digits);
  return host !== undefined && port > 0 && port <= 65_535 ? { host, port } : undefined;
}

/** @returns null where a percent sign is bare */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
