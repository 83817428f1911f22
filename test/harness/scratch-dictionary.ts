import { Redis } from 'ioredis';

/** Redis has 16 databases; the first is left to the services of the stack, and holds who has which of the others. */
const DATABASES = 16;

/** A dictionary of its own: a Redis database that nobody else uses meanwhile. */
export class ScratchDictionary {
  private number?: number;
  private redis?: Redis;

  constructor(private readonly server: string) {}

  async claim(): Promise<void> {
    const register = new Redis(this.server);
    try {
      for (let number = 1; number < DATABASES && !this.number; number += 1) {
        if (await register.setnx(claimOf(number), process.pid)) {
          this.number = number;
        }
      }
    } finally {
      register.disconnect();
    }
    if (!this.number) {
      throw new Error(`all ${DATABASES - 1} Redis databases are claimed by other tests`);
    }
    this.redis = new Redis(this.url);
    this.redis.on('error', () => {}); // a test may stop the server
    await this.redis.flushdb();
  }

  get url(): string {
    const url = new URL(this.server);
    url.pathname = `/${this.number}`;
    return url.href;
  }

  /** Puts entries, all at once: key to the text of its value, or null to take the key away. */
  async put(entries: Record<string, string | Buffer | null>): Promise<void> {
    const commands = this.redis!.multi();
    for (const [key, value] of Object.entries(entries)) {
      if (value === null) {
        commands.del(key);
      } else {
        commands.set(key, value);
      }
    }
    for (const [error] of (await commands.exec())!) {
      if (error) {
        throw error;
      }
    }
  }

  async release(): Promise<void> {
    await this.redis?.flushdb();
    this.redis?.disconnect();
    const register = new Redis(this.server);
    await register.del(claimOf(this.number!));
    register.disconnect();
  }
}

function claimOf(number: number): string {
  return `test:database:${number}`;
}
