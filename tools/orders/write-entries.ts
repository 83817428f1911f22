import type { Redis } from 'ioredis';
import type { DictionaryEntry } from './dictionary';

const MOST_ENTRIES = 1_000;

/**
 * Writes entries to Redis, over those that are there.
 * @throws when Redis has been out of reach for half a minute.
 */
export async function writeEntries(redis: Redis, entries: readonly DictionaryEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += MOST_ENTRIES) {
    const chunk = entries.slice(start, start + MOST_ENTRIES);
    try {
      await redis.mset(chunk.flatMap(({ key, value }) => [key, value]));
    } catch (error) {
      throw new Error(`Redis doesn't take the dictionary: ${(error as Error).message}`);
    }
  }
}
