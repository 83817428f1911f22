import type { RedisStore } from '@app/redis/redis-store';
import type { DictionaryEntry } from './dictionary';
import { patiently } from './patiently';

const MOST_ENTRIES = 1_000;

/**
 * Writes entries to Redis, over those that are there.
 * @throws when Redis has not taken them for half a minute.
 */
export async function writeEntries(redis: RedisStore, entries: readonly DictionaryEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += MOST_ENTRIES) {
    const chunk = entries.slice(start, start + MOST_ENTRIES);
    await patiently(() => redis.write(chunk.map(({ key, value }) => [key, value] as const)));
  }
}
