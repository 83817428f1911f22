import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl, REDIS_URLS, type RedisAddress } from './parse-redis-url';
import { redisReason } from './redis-reason';

/** A connection that says nothing for so long while something was asked is dead, and is dropped. */
const SILENT_MS = 4_000;
/** So long an answer is waited for: meanwhile what was asked on a dead connection is asked on the next one. */
const ANSWER_MS = 8_000;
const CONNECT_MS = 5_000;
const AGAIN_MS = 1_000;
/** An idle connection says so often that it is there. */
const KEEP_ALIVE_MS = 10_000;
/** The last words of an error of ioredis that does not say more. */
const CLOSED = 'Connection is closed.';
/** Asked where nothing else is: two keys, since the nodes of a cluster refuse what only they together have. */
const anyKeys = ['order-vault', 'order-vault:2'];

const connection = {
  // No command of its own: a login with the right to read keys may need no other.
  enableReadyCheck: false,
  disableClientInfo: true,
  maxRetriesPerRequest: 1,
  commandTimeout: ANSWER_MS,
  socketTimeout: SILENT_MS,
  connectTimeout: CONNECT_MS,
  keepAlive: KEEP_ALIVE_MS,
  // The name in the URL, or the sentinels, may know a better server by now.
  reconnectOnError: ({ message }) => /^(LOADING|MASTERDOWN|READONLY)\b/.test(message),
} satisfies RedisOptions;

/**
 * Texts by key in Redis: one server, a cluster, or the master that sentinels name. Errors are sentences that name what
 * to look at.
 */
export class RedisStore {
  private readonly address: RedisAddress;
  private readonly client: Redis | Cluster;
  /** Why there is no connection, while there is none: a command that waits in vain for one does not know. */
  private obstacle?: string;
  private isExplaining = false;
  /** Keys that could not be read. */
  private doubtful: string[] = [];

  /**
   * @param authority certificate authority of the servers, PEM; where it is not given, those that Node knows
   * @param onTrouble is called with what is wrong with a connection, each time that one fails
   * @throws Error where the URL is malformed
   */
  constructor(
    url: string,
    private readonly authority: string | undefined,
    private readonly onTrouble: (reason: string) => void = () => {},
  ) {
    const address = parseRedisUrl(url);
    if (!address) {
      throw new Error(`REDIS_URL must be ${REDIS_URLS}`);
    }
    this.address = address;
    this.client = connect(address, authority);
    this.client.on('ready', () => (this.obstacle = undefined));
    this.client.on('error', (error: Error) => this.fails(error));
    // What goes wrong with one node or sentinel, while others may answer.
    this.client.on('node error', (error: Error) => this.fails(error));
    this.client.on('sentinelError', (error: Error) => this.fails(error));
  }

  /** The values of the keys in their order; null for a key that is absent or holds no text. */
  async read(keys: string[]): Promise<(Buffer | null)[]> {
    if (keys.length === 0) {
      return [];
    }
    try {
      return await this.answerOf(
        (cluster) => Promise.all(keys.map((key) => textOf(cluster, key))),
        ['mget', ...keys],
      );
    } catch (error) {
      this.doubtful = keys;
      throw error;
    }
  }

  /** Writes values, over those that are there. */
  async write(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    await this.answerOf(
      (cluster) => Promise.all(entries.map(([key, value]) => cluster.set(key, value))),
      ['mset', ...entries.flat()],
    );
  }

  /** Writes a value, and leaves it the time that it has left. */
  async replace(key: string, value: string): Promise<void> {
    await this.answerOf((cluster) => cluster.set(key, value, 'KEEPTTL'), ['set', key, value, 'KEEPTTL']);
  }

  /**
   * Rejects while keys cannot be read: some that need not be there, and those that could not be read last. Without a
   * connection it does so at once.
   */
  async check(): Promise<void> {
    if (this.obstacle !== undefined && this.client.status !== 'ready') {
      throw new Error(this.obstacle);
    }
    await this.read([...anyKeys, ...this.doubtful]);
    this.doubtful = [];
  }

  close(): void {
    this.client.disconnect();
  }

  /**
   * What a cluster answers to several commands, since the keys of one are of one slot, or one server to one command.
   */
  private async answerOf<T>(ask: (cluster: Cluster) => Promise<T>, command: string[]): Promise<T> {
    const { client } = this;
    const patience = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Command timed out')), ANSWER_MS + AGAIN_MS);
    });
    const work = async () => {
      if (!(client instanceof Cluster)) {
        return this.replyOf<T>(client, command);
      }
      if (client.status !== 'ready') {
        await once(client, 'ready', patience);
      }
      return ask(client);
    };
    try {
      return await Promise.race([work(), silence]);
    } catch (error) {
      throw new Error(this.reasonOf(error as Error), { cause: error });
    } finally {
      clearTimeout(timer);
      patience.abort();
    }
  }

  /**
   * Each command chooses the database again: ioredis does so too, when it connects, but goes on in the first database
   * where the chosen one is refused. So it does where the password is, and Redis lets everybody in: what came is of no
   * use then.
   */
  private async replyOf<T>(client: Redis, [command, ...parts]: string[]): Promise<T> {
    const { database } = this.address;
    const pipeline = client.pipeline();
    if (database !== 0) {
      pipeline.select(database);
    }
    const replies = (await pipeline.callBuffer(command!, ...parts).exec())!;
    for (const [error] of replies) {
      if (error) {
        throw error;
      }
    }
    await turn();
    if (this.obstacle !== undefined) {
      throw new Error(this.obstacle);
    }
    return replies.at(-1)![1] as T;
  }

  private reasonOf(error: Error): string {
    const isAnswer = error.name === 'ReplyError' && !error.message.startsWith('NOAUTH');
    return (isAnswer ? undefined : this.obstacle) ?? redisReason(error, this.address.isEncrypted);
  }

  private fails(error: Error): void {
    // A command that was in vain knows less than what was said before.
    if (this.obstacle !== undefined && error.name === 'MaxRetriesPerRequestError') {
      return;
    }
    const reason = redisReason(error, this.address.isEncrypted);
    if (reason.endsWith(CLOSED) && this.address.kind !== 'server') {
      void this.explain(reason);
    } else {
      this.say(reason);
    }
  }

  /**
   * The clients of clusters and sentinels keep to themselves why a connection is closed: the network, or a certificate.
   */
  private async explain(reason: string): Promise<void> {
    if (this.isExplaining) {
      return;
    }
    this.isExplaining = true;
    const cause = await connectionFailure(this.address, this.authority);
    this.isExplaining = false;
    if (!['ready', 'end'].includes(this.client.status)) {
      this.say(cause ? redisReason(cause, this.address.isEncrypted) : reason);
    }
  }

  private say(reason: string): void {
    this.obstacle = reason;
    this.onTrouble(reason);
  }
}

/** A key that holds no text is refused here, where MGET says that it holds nothing. */
async function textOf(cluster: Cluster, key: string): Promise<Buffer | null> {
  return cluster.getBuffer(key).catch((error: Error) => {
    if (error.message.startsWith('WRONGTYPE')) {
      return null;
    }
    throw error;
  });
}

/** Why one of the hosts in the URL takes no connection; undefined where all do. */
async function connectionFailure(
  { hosts, isEncrypted }: RedisAddress,
  authority: string | undefined,
): Promise<Error | undefined> {
  const tls = isEncrypted ? { ca: authority } : undefined;
  for (const host of hosts) {
    const client = new Redis({ ...connection, ...host, tls, lazyConnect: true, retryStrategy: () => null });
    let failure: Error | undefined;
    client.on('error', (error: Error) => (failure ??= error));
    await client.connect().catch(() => {}); // it only says that the connection is closed
    client.disconnect();
    if (failure) {
      return failure;
    }
  }
  return undefined;
}

function connect(address: RedisAddress, authority: string | undefined): Redis | Cluster {
  const { kind, isEncrypted, hosts, username, password, family } = address;
  const tls = isEncrypted ? { ca: authority } : undefined;
  const access = { ...connection, username, password, tls };
  if (kind === 'cluster') {
    return new Cluster(hosts, {
      redisOptions: access,
      // While it is not known which node has what, nothing is asked: the queue of a cluster knows no time.
      enableOfflineQueue: false,
      enableReadyCheck: false,
      clusterRetryStrategy: () => AGAIN_MS,
      slotsRefreshTimeout: SILENT_MS,
      // A name stays a name: certificates are made for names.
      dnsLookup: (host, callback) => callback(null, host),
    });
  }
  if (kind === 'sentinel') {
    return new Redis({
      ...access,
      sentinels: hosts,
      name: address.master,
      sentinelUsername: address.sentinelUsername,
      sentinelPassword: address.sentinelPassword,
      sentinelTLS: tls,
      enableTLSForSentinelMode: isEncrypted,
      sentinelCommandTimeout: SILENT_MS,
      sentinelRetryStrategy: () => AGAIN_MS,
      retryStrategy: () => AGAIN_MS,
    });
  }
  return new Redis({ ...access, ...hosts[0], family, retryStrategy: () => AGAIN_MS });
}
