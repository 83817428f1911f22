import { readFileSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { WaitLog } from '@app/servers/wait-log';
import { RedisStore } from '@app/redis/redis-store';
import { noteOrigin } from '@app/servers/server-of';
import type { Dependency } from '@app/service/health.controller';
import { StgEnvironment } from '../environment/stg.environment';

/** The dictionary as it is now: one JSON text a key. */
@Injectable()
export class RedisDictionary implements Dependency, OnApplicationShutdown {
  readonly name = 'redis' as const;
  private readonly logger = new Logger(RedisDictionary.name);
  private readonly store: RedisStore;
  private readonly waitLog = new WaitLog();

  constructor({ REDIS_URL, REDIS_SSL_CA }: StgEnvironment) {
    const authority = REDIS_SSL_CA ? readFileSync(REDIS_SSL_CA, 'utf8') : undefined;
    this.store = new RedisStore(REDIS_URL, authority, (reason) => {
      if (this.waitLog.isDue(reason)) {
        this.logger.warn(`waiting: ${reason}`);
      }
    });
  }

  /** The values of the keys in their order; null for a key that is absent or holds no text. */
  values(keys: string[]): Promise<(Buffer | null)[]> {
    return this.store.read(keys).catch(fail);
  }

  check(): Promise<unknown> {
    return this.store.check().catch(fail);
  }

  onApplicationShutdown(): void {
    this.store.close();
  }
}

function fail(error: unknown): never {
  throw noteOrigin('redis', error);
}
