import type { RedisStore } from '@app/redis/redis-store';
import type { DictionaryEntry } from './dictionary';
import type { OrderMessage } from './order-message';
import { pause } from './pause';
import { writeEntries } from './write-entries';

const LATE_BY_MS = 10_000;

/** Writes the entries that messages await to Redis, each some seconds after its message. */
export class LateEntries {
  private readonly impatience = new AbortController();
  private readonly signal: AbortSignal;
  private readonly writes: Promise<void>[] = [];

  constructor(
    private readonly redis: RedisStore | undefined,
    signal?: AbortSignal,
  ) {
    this.signal = signal ? AbortSignal.any([signal, this.impatience.signal]) : this.impatience.signal;
  }

  follow(sent: readonly OrderMessage[]): void {
    for (const message of sent) {
      if ('awaits' in message && message.awaits) {
        const write = this.write(message.awaits);
        write.catch(() => undefined); // written() reports it
        this.writes.push(write);
      }
    }
  }

  /** Waits no longer for what is still to come. */
  hurry(): void {
    this.impatience.abort();
  }

  async written(): Promise<void> {
    await Promise.all(this.writes);
  }

  private async write(entry: DictionaryEntry): Promise<void> {
    await pause(LATE_BY_MS, this.signal);
    if (this.redis) {
      await writeEntries(this.redis, [entry]);
    }
  }
}
