import { readFileSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Dependency } from '@app/service/health.controller';
import { StgEnvironment } from './stg.environment';

/** The dictionary as it is now: one JSON text a key. */
@Injectable()
export class RedisDictionary implements Dependency, OnApplicationShutdown {
  readonly name = 'redis';
  private readonly logger = new Logger(RedisDictionary.name);
  private readonly redis: Redis;

  constructor({ REDIS_URL, REDIS_SSL_CA }: StgEnvironment) {
    this.redis = new Redis(REDIS_URL, {
      tls: REDIS_SSL_CA ? { ca: readFileSync(REDIS_SSL_CA, 'utf8') } : undefined,
      // A command fails soon, and the batch waits and tries again; the connection itself is retried every second.
      maxRetriesPerRequest: 1,
      commandTimeout: 5_000,
      connectTimeout: 5_000,
      retryStrategy: () => 1_000,
    });
    this.redis.on('error', (error: NodeJS.ErrnoException) => this.logger.debug(error.message || error.code));
  }

  /** The values of the keys in their order; null for a key that is absent or holds no text. */
  async values(keys: string[]): Promise<(Buffer | null)[]> {
    return keys.length === 0 ? [] : this.redis.mgetBuffer(...keys);
  }

  check(): Promise<unknown> {
    return this.redis.ping();
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
