import { readFileSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { WaitLog } from '@app/kafka/wait.log';
import { noteOrigin } from '@app/servers/server-of';
import type { Dependency } from '@app/service/health.controller';
import { StgEnvironment } from './stg.environment';

/** The dictionary as it is now: one JSON text a key. */
@Injectable()
export class RedisDictionary implements Dependency, OnApplicationShutdown {
  readonly name = 'redis' as const;
  private readonly logger = new Logger(RedisDictionary.name);
  private readonly redis: Redis;
  private readonly waitLog = new WaitLog();
  /** Why there is no connection, while there is none: a command that waits in vain for one does not know. */
  private obstacle?: string;

  constructor({ REDIS_URL, REDIS_SSL_CA }: StgEnvironment) {
    this.redis = new Redis(REDIS_URL, {
      tls: REDIS_SSL_CA ? { ca: readFileSync(REDIS_SSL_CA, 'utf8') } : undefined,
      // A command fails soon, and the batch waits and tries again; the connection itself is retried every second.
      maxRetriesPerRequest: 1,
      commandTimeout: 5_000,
      connectTimeout: 5_000,
      retryStrategy: () => 1_000,
    });
    this.redis.on('ready', () => (this.obstacle = undefined));
    this.redis.on('error', (error) => this.wait(error));
    // ioredis would go on with database 0 where Redis refuses the one that the URL names; the error comes before the first command.
    this.redis.on('error', ({ command }: { command?: { name: string } }) => {
      if (command?.name === 'select') {
        this.redis.disconnect(true);
      }
    });
  }

  /** The values of the keys in their order; null for a key that is absent or holds no text. */
  async values(keys: string[]): Promise<(Buffer | null)[]> {
    return keys.length === 0 ? [] : this.redis.mgetBuffer(...keys).catch(this.fail);
  }

  check(): Promise<unknown> {
    return this.redis.ping().catch(this.fail);
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  private wait(error: NodeJS.ErrnoException | AggregateError): void {
    // A command that was in vain knows less than what was said before.
    if (this.obstacle && error.name === 'MaxRetriesPerRequestError') {
      return;
    }
    // A host with several addresses is refused with an error that says nothing itself.
    const { message, code } = error instanceof AggregateError ? error.errors[0] : error;
    this.obstacle = `Redis cannot be used, see REDIS_URL and REDIS_SSL_CA: ${message || code}`;
    if (this.waitLog.isDue(this.obstacle)) {
      this.logger.warn(`waiting: ${this.obstacle}`);
    }
  }

  private readonly fail = (error: Error): never => {
    throw noteOrigin('redis', this.obstacle ? new Error(this.obstacle, { cause: error }) : error);
  };
}
