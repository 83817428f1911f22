import { existsSync, readFileSync } from 'node:fs';
import { RedisStore } from '@app/redis/redis-store';

/** Stands for a name, which must not be empty. The functions of the migration say the same. */
const FORGOTTEN = '[forgotten]';

/**
 * Blanks the entry of the user in Redis: a name that stays there would go out with their next order. Its time and
 * its end stay.
 * @returns whether there is an entry that says more
 * @throws where the key is a restaurant's, or Redis can't be used
 */
export async function forgetInDictionary(
  { REDIS_URL, REDIS_SSL_CA }: NodeJS.ProcessEnv,
  userId: string,
  execute: boolean,
): Promise<boolean> {
  if (REDIS_SSL_CA && !existsSync(REDIS_SSL_CA)) {
    throw new Error(`REDIS_SSL_CA is a file: "${REDIS_SSL_CA}" isn't there.`);
  }
  const redis = new RedisStore(REDIS_URL!, REDIS_SSL_CA ? readFileSync(REDIS_SSL_CA, 'utf8') : undefined);
  try {
    const [entry] = await redis.read([userId]);
    if (!entry) {
      return false;
    }
    const text = entry.toString('utf8');
    const blank = blankEntry(userId, text);
    if (execute && blank !== text) {
      await redis.replace(userId, blank);
    }
    return blank !== text;
  } finally {
    redis.close();
  }
}

/** What the warehouse keeps of such an entry, too: its time. */
function blankEntry(userId: string, entry: string): string {
  let given: Record<string, unknown> = {};
  try {
    given = Object(JSON.parse(entry)) as Record<string, unknown>;
  } catch {
    // A text that is no JSON may hold a name all the same.
  }
  if ('menu' in given) {
    throw new Error(`${userId} has a menu: it is a restaurant.`);
  }
  const { update_ts_utc, update_ts } = given;
  const times = Object.entries({ update_ts_utc, update_ts }).filter(([, time]) => typeof time === 'string');
  return JSON.stringify({ _id: userId, name: FORGOTTEN, ...Object.fromEntries(times) });
}
